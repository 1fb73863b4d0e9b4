/** More files than any run writes: a drop of a whole disk ends here. */
const MOST_FILES = 5000;

/**
 * Files of a drop, those within dropped folders with them, however deep: trainers write a file a step, some a folder a step.
 * Those of deeper folders are named by their path below the dropped one, in which the step may stand.
 */
export async function droppedFiles(data: DataTransfer): Promise<File[]> {
  // Entries must be taken before the event ends.
  const entries = [...data.items].map((item) => item.webkitGetAsEntry()).filter((entry) => entry !== null);
  if (entries.length === 0) return [...data.files];
  const files: File[] = [];
  for (const entry of entries) {
    if (isFolder(entry)) await takeFolder(entry, '', files);
    else if (isFile(entry)) files.push(await fileOf(entry));
  }
  return files;
}

async function takeFolder(folder: FileSystemDirectoryEntry, path: string, files: File[]): Promise<void> {
  // By name, numbers by their value: in the order of the steps.
  const inside = (await entriesOf(folder)).toSorted((a, b) => ORDER.compare(a.name, b.name));
  for (const entry of inside) {
    if (files.length >= MOST_FILES) return;
    if (entry.name.startsWith('.')) continue;
    if (isFolder(entry)) await takeFolder(entry, `${path}${entry.name}/`, files);
    else if (isFile(entry)) {
      const file = await fileOf(entry);
      files.push(path === '' ? file : new File([file], `${path}${file.name}`, { type: file.type }));
    }
  }
}

const ORDER = new Intl.Collator('en', { numeric: true });

function isFolder(entry: FileSystemEntry): entry is FileSystemDirectoryEntry {
  return entry.isDirectory;
}

function isFile(entry: FileSystemEntry): entry is FileSystemFileEntry {
  return entry.isFile;
}

function fileOf(entry: FileSystemFileEntry): Promise<File> {
  return new Promise((resolve, reject) => entry.file(resolve, reject));
}

/** A reader gives a hundred or so at a time, and none at the end. */
async function entriesOf(folder: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = folder.createReader();
  const all: FileSystemEntry[] = [];
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (some.length === 0) return all;
    all.push(...some);
  }
}
