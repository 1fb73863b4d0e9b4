import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

let ticksPerSecond;

function ticks() {
  ticksPerSecond ??= Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }).trim());
  return ticksPerSecond;
}

/** What /proc says of one process; undefined once it is gone. */
function readStat(pid) {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name in brackets may hold spaces; numbers follow it.
    const fields = text
      .slice(text.lastIndexOf(')') + 2)
      .split(' ')
      .map(Number);
    const [, parent, , , , , , , , , , user, system, childUser, childSystem] = fields;
    return { pid, parent, ticks: user + system + childUser + childSystem };
  } catch {
    return undefined;
  }
}

/**
 * CPU seconds of all processes that descend from `root`, ended ones included where their parent has waited for them; `root`
 * itself is left out. null where there is no /proc.
 */
export function descendantsCpuSeconds(root) {
  if (process.platform !== 'linux') return null;
  const stats = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => readStat(Number(name)) ?? []);
  const family = new Set([root]);
  for (let size = 0; size !== family.size;) {
    size = family.size;
    for (const { pid, parent } of stats) if (family.has(parent)) family.add(pid);
  }
  family.delete(root);
  return stats.reduce((sum, stat) => sum + (family.has(stat.pid) ? stat.ticks : 0), 0) / ticks();
}
