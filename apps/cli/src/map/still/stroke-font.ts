/**
 * Letters as pen strokes, for pictures that are drawn without a font. A stroke is a row of points, each two digits: x,
 * and y with the baseline at 2, small letters up to 7 and capitals up to 9. `~` rounds a stroke's corners, `@` also
 * closes it.
 */
const GLYPHS: Readonly<Record<string, string>> = {
	A: "023962 1454",
	B: "0209 ~09595606 ~06666202",
	C: "~676909026264",
	D: "0209 ~09696202",
	E: "59090252 0646",
	F: "590902 0646",
	G: "~676909026265 6535",
	H: "0209 6269 0666",
	I: "0209",
	J: "~49420204",
	K: "0209 5905 2752",
	L: "090252",
	M: "0209346962",
	N: "02096269",
	O: "@09696202",
	P: "0209 ~09696505",
	Q: "@09696202 4462",
	R: "0209 ~09696505 3562",
	S: "~6869090665620203",
	T: "0969 3932",
	U: "~090502626569",
	V: "093269",
	W: "0922486289",
	X: "0962 0269",
	Y: "093569 3532",
	Z: "09690262",
	a: "@07575202 5752",
	b: "0902 @07575202",
	c: "~565707025253",
	d: "5952 @07575202",
	e: "0555 ~555707025253",
	f: "~39191612 0737",
	g: "@07575202 ~57500001",
	h: "0902 ~05075752",
	i: "0207 0909",
	j: "~272000 2929",
	k: "0902 4704 1542",
	l: "0902",
	m: "0702 ~05074742 ~45478782",
	n: "0702 ~05075752",
	o: "@07575202",
	p: "0700 @07575202",
	q: "5750 @07575202",
	r: "0702 ~040737",
	s: "~4647070544420203",
	t: "~19141232 0737",
	u: "5752 ~0704025254",
	v: "072247",
	w: "0722466287",
	x: "0742 0247",
	y: "0722 4710",
	z: "07470242",
	"0": "@09595202",
	"1": "173932",
	"2": "~0709595602 0252",
	"3": "~0809595626 ~2656520203",
	"4": "42490454",
	"5": "590906 ~0656520203",
	"6": "@06565202 ~490904",
	"7": "095912",
	"8": "@09595606 @06565202",
	"9": "@09595505 ~575212",
	".": "0202",
	",": "1201",
	":": "0202 0606",
	";": "1201 1606",
	"!": "0904 0202",
	"?": "~070959562524 2222",
	"-": "0545",
	"−": "0555",
	"–": "0565",
	"+": "0555 2822",
	"=": "0646 0444",
	"<": "470543",
	">": "074503",
	"/": "0149",
	"(": "~29070421",
	")": "~09272401",
	"[": "29090121",
	"]": "09292101",
	_: "0151",
	"%": "@09292707 @34545232 0259",
	"#": "1229 4259 0464 0767",
	"&": "~6205285909064522",
	"*": "0545 1733 1337",
	"'": "0907",
	'"': "0907 2927",
	"|": "0901",
	"°": "@09292707",
	"·": "0505",
	"×": "0347 0743",
	µ: "0700 ~0704025254 5752",
};

/** Units from one letter's right side to the next one's left. */
const GAP = 2.2;
const SPACE = 3;
const BASELINE = 2;
/** Letters are ten units high, descenders and ascenders included. */
const UNITS = 10;
/** Points on each rounded corner. */
const POINTS_PER_CORNER = 6;

/** How wide a text is, in the units of `size`, its height. */
export function textWidth(text: string, size: number): number {
	const units = [...plain(text)].reduce((sum, letter) => sum + advance(letter), 0);
	return (Math.max(0, units - GAP) * size) / UNITS;
}

/** The strokes of a text whose baseline begins at (x, y); letters without a glyph become question marks. */
export function textStrokes(text: string, x: number, y: number, size: number): Float64Array[] {
	const scale = size / UNITS;
	const strokes: Float64Array[] = [];
	let left = x;
	for (const letter of plain(text)) {
		for (const stroke of strokesOf(letter)) {
			strokes.push(
				Float64Array.from(stroke, (value, index) =>
					index % 2 === 0 ? left + value * scale : y - (value - BASELINE) * scale,
				),
			);
		}
		left += advance(letter) * scale;
	}
	return strokes;
}

// Accents are dropped: é becomes e.
function plain(text: string): string {
	return text
		.normalize("NFD")
		.replace(/\p{Mark}/gu, "")
		.replaceAll("μ", "µ");
}

function advance(letter: string): number {
	if (/\s/u.test(letter)) return SPACE + GAP / 2;
	const columns = strokesOf(letter).flatMap((stroke) => [...stroke].filter((_, index) => index % 2 === 0));
	return Math.max(...columns) + GAP;
}

function strokesOf(letter: string): number[][] {
	if (/\s/u.test(letter)) return [];
	return (GLYPHS[letter] ?? GLYPHS["?"]!).split(" ").map((stroke) => {
		const points = [...stroke.replace(/^[~@]/, "")].map(Number);
		if (stroke.startsWith("@")) return rounded(points, true);
		return stroke.startsWith("~") ? rounded(points, false) : points;
	});
}

/** A quadratic B-spline: every point is a corner that is rounded from the middle of one side to that of the next. */
function rounded(points: readonly number[], isClosed: boolean): number[] {
	const count = points.length / 2;
	const at = (index: number): [number, number] => [points[2 * (index % count)]!, points[2 * (index % count) + 1]!];
	const middle = (index: number): [number, number] => {
		const [fromX, fromY] = at(index);
		const [toX, toY] = at(index + 1);
		return [(fromX + toX) / 2, (fromY + toY) / 2];
	};
	const curve = isClosed ? middle(count - 1) : at(0);
	const result: number[] = [...curve];
	if (!isClosed) result.push(...middle(0));
	const corners = isClosed ? count : count - 2;
	for (let corner = 0; corner < corners; corner++) {
		const index = isClosed ? corner : corner + 1;
		const [fromX, fromY] = middle(index - 1 + (index === 0 ? count : 0));
		const [cornerX, cornerY] = at(index);
		const [toX, toY] = middle(index);
		for (let point = 1; point <= POINTS_PER_CORNER; point++) {
			const share = point / POINTS_PER_CORNER;
			const [first, second, third] = [(1 - share) ** 2, 2 * share * (1 - share), share ** 2];
			result.push(first * fromX + second * cornerX + third * toX, first * fromY + second * cornerY + third * toY);
		}
	}
	if (!isClosed) result.push(...at(count - 1));
	return result;
}
