#!/bin/bash
# A real Slurm for tests, on this machine alone: one controller and four node daemons from Debian's packages, bound to the
# loopback, without systemd and without cgroups. Needs root.
#
#   scripts/slurm-up.sh FOLDER                starts it; then: export SLURM_CONF=FOLDER/slurm.conf
#   scripts/slurm-up.sh FOLDER --accounting   with slurmdbd and a MariaDB of its own; account `narrow` may submit 5 jobs at once
#   scripts/slurm-up.sh FOLDER --down         stops it
set -euo pipefail
home=$(realpath -m "${1:?usage: slurm-up.sh FOLDER [--accounting | --down]}")
nodes=(n1 n2 n3 n4)
pids=("$home"/run/slurmd-n{1,2,3,4}.pid "$home"/run/{slurmctld,slurmdbd,mariadb,munged}.pid)

stop_all() {
	local file pid
	# All are told first, since each takes seconds to end.
	for file in "${pids[@]}"; do [ -s "$file" ] && kill "$(cat "$file")" 2>/dev/null || true; done
	for file in "${pids[@]}"; do
		[ -s "$file" ] || continue
		pid=$(cat "$file")
		for _ in $(seq 60); do kill -0 "$pid" 2>/dev/null || break; sleep 0.1; done
		kill -9 "$pid" 2>/dev/null || true
		rm -f "$file"
	done
}
if [ "${2:-}" = --down ]; then stop_all; exit 0; fi

packages=(slurmctld slurmd slurm-client slurm-wlm-basic-plugins munge)
[ "${2:-}" != --accounting ] || packages+=(slurmdbd slurm-wlm-mysql-plugin mariadb-server)
missing=()
for package in "${packages[@]}"; do
	dpkg -s "$package" >/dev/null 2>&1 || missing+=("$package")
done
if [ ${#missing[@]} -gt 0 ]; then
	apt-get update -qq
	# The packages must not start services of their own.
	if [ ! -e /usr/sbin/policy-rc.d ]; then
		printf '#!/bin/sh\nexit 101\n' >/usr/sbin/policy-rc.d && chmod +x /usr/sbin/policy-rc.d
		trap 'rm -f /usr/sbin/policy-rc.d' EXIT
	fi
	DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
fi

stop_all
mkdir -p "$home"/{run,log,state,munge} "${nodes[@]/#/$home/spool/}"
chmod 755 "$home"
socket="$home/run/munge.sock"
[ -s "$home/munge/key" ] || (umask 377; head -c 1024 /dev/urandom >"$home/munge/key")
munged --force --key-file="$home/munge/key" --socket="$socket" --pid-file="$home/run/munged.pid" \
	--log-file="$home/log/munged.log" --seed-file="$home/munge/seed"

machine=$(hostname -s)
# cred_expire: a requeued task starts after 10 s instead of 121 s. config_overrides: more CPUs than the machine has.
cat >"$home/slurm.conf" <<CONF
ClusterName=zagg
SlurmctldHost=$machine(127.0.0.1)
SlurmctldPort=16817
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket=$socket,cred_expire=5
CommunicationParameters=NoInAddrAny,NoCtldInAddrAny
StateSaveLocation=$home/state
SlurmdSpoolDir=$home/spool/%n
SlurmctldPidFile=$home/run/slurmctld.pid
SlurmdPidFile=$home/run/slurmd-%n.pid
SlurmctldLogFile=$home/log/slurmctld.log
SlurmdLogFile=$home/log/slurmd-%n.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
MpiDefault=none
JobAcctGatherType=jobacct_gather/linux
JobAcctGatherFrequency=1
JobAcctGatherParams=OverMemoryKill
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU_Memory
SchedulerParameters=bf_interval=1,sched_interval=1,batch_sched_delay=0
SlurmdParameters=config_overrides
ReturnToService=2
SlurmdTimeout=5
KillWait=2
MinJobAge=3600
DefMemPerCPU=256
NodeName=n[1-4] NodeHostname=$machine NodeAddr=127.0.0.1 Port=[17001-17004] CPUs=4 RealMemory=4000 State=UNKNOWN
PartitionName=main Nodes=n[1-4] Default=YES MaxTime=INFINITE State=UP
PartitionName=steady Nodes=n[1-2] MaxTime=INFINITE State=UP
PartitionName=faults Nodes=n[3-4] MaxTime=INFINITE State=UP
CONF
export SLURM_CONF="$home/slurm.conf"

start_accounting() {
	local data="$home/mariadb" database="$home/run/mariadb.sock"
	[ -d "$data" ] || mariadb-install-db --no-defaults --user=root --datadir="$data" \
		--auth-root-authentication-method=normal --skip-test-db >"$home/log/mariadb-install.log" 2>&1
	nohup mariadbd --no-defaults --user=root --datadir="$data" --socket="$database" --pid-file="$home/run/mariadb.pid" \
		--skip-networking --log-error="$home/log/mariadb.log" >/dev/null 2>&1 </dev/null &
	for _ in $(seq 80); do
		mariadb-admin --no-defaults --socket="$database" -uroot ping >/dev/null 2>&1 && break
		sleep 0.25
	done
	mariadb --no-defaults --socket="$database" -uroot -e "create database if not exists slurm_acct_db;
		create user if not exists slurm@localhost identified by 'slurm'; grant all on slurm_acct_db.* to slurm@localhost"
	cat >"$home/slurmdbd.conf" <<CONF
DbdHost=localhost
DbdAddr=127.0.0.1
DbdPort=16819
CommunicationParameters=NoInAddrAny
SlurmUser=root
AuthType=auth/munge
AuthInfo=socket=$socket
PidFile=$home/run/slurmdbd.pid
LogFile=$home/log/slurmdbd.log
StorageType=accounting_storage/mysql
StorageHost=localhost
StorageUser=slurm
StoragePass=slurm
CONF
	chmod 600 "$home/slurmdbd.conf"
	# The password entry is the munge socket, or the clients look for the system's own.
	cat >>"$home/slurm.conf" <<CONF
AccountingStorageType=accounting_storage/slurmdbd
AccountingStorageHost=127.0.0.1
AccountingStoragePort=16819
AccountingStoragePass=$socket
AccountingStorageEnforce=limits
CONF
	MYSQL_UNIX_PORT="$database" slurmdbd
	for _ in $(seq 80); do
		sacctmgr -n list cluster >/dev/null 2>&1 && break
		sleep 0.25
	done
	sacctmgr -Q -i add cluster zagg >/dev/null || true
	sacctmgr -Q -i add account open narrow >/dev/null || true
	sacctmgr -Q -i add user root account=open defaultaccount=open >/dev/null || true
	sacctmgr -Q -i add user root account=narrow maxsubmitjobs=5 >/dev/null || true
}
[ "${2:-}" != --accounting ] || start_accounting
slurmctld -f "$SLURM_CONF"
for node in "${nodes[@]}"; do slurmd -f "$SLURM_CONF" -N "$node"; done
for _ in $(seq 80); do
	[ "$(sinfo -h -t idle -o %D 2>/dev/null)" = ${#nodes[@]} ] && break
	sleep 0.25
done
sinfo
