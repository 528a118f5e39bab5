/** The page's element of an id, which it is sure to have. */
export function element<Type extends HTMLElement = HTMLElement>(id: string): Type {
	const found = document.getElementById(id);
	if (found === null) throw new Error(`the page has no #${id}`);
	return found as Type;
}
