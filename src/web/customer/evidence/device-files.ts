/** A file that waits on this device until it was sent. */
export interface DeviceFile {
  readonly id: string;
  /** What it waits for: the draft of a report, or a case. */
  readonly shelf: string;
  readonly file: File;
}

export interface KeptFile extends DeviceFile {
  readonly order: number;
}

const STORE = 'files';

/** What the browser does not keep, as in some private windows or on a full disk: until the page is left. */
const unkept = new Map<string, KeptFile>();

let opened: Promise<IDBDatabase | undefined> | undefined;

function open(): Promise<IDBDatabase | undefined> {
  opened ??= new Promise((resolve) => {
    if (!('indexedDB' in window)) return resolve(undefined);
    const request = indexedDB.open('firebreak-files', 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore(STORE, { keyPath: 'id' }).createIndex('shelf', 'shelf');
    };
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => resolve(undefined);
  });
  return opened;
}

function within<T>(
  db: IDBDatabase,
  mode: IDBTransactionMode,
  work: (store: IDBObjectStore) => IDBRequest<T>,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const transaction = db.transaction(STORE, mode);
    const request = work(transaction.objectStore(STORE));
    transaction.oncomplete = () => resolve(request.result);
    transaction.onabort = () => reject(transaction.error);
  });
}

/** Whether files outlive a reload here. */
export const keepsFiles = async (): Promise<boolean> => (await open()) !== undefined;

/** In the order they came. */
export async function filesOn(shelf: string): Promise<KeptFile[]> {
  const db = await open();
  const kept: KeptFile[] = db
    ? await within(db, 'readonly', (store) => store.index('shelf').getAll(shelf) as IDBRequest<KeptFile[]>)
    : [];
  const here = [...unkept.values()].filter((each) => each.shelf === shelf);
  return [...kept, ...here].toSorted((a, b) => a.order - b.order);
}

/** @returns whether it outlives a reload: a full disk takes no more */
export async function keepFile({ id, shelf, file }: DeviceFile): Promise<boolean> {
  const kept = { id, shelf, file, order: performance.timeOrigin + performance.now() };
  const db = await open();
  try {
    if (db) await within(db, 'readwrite', (store) => store.put(kept));
    else unkept.set(id, kept);
    return db !== undefined;
  } catch {
    unkept.set(id, kept);
    return false;
  }
}

export async function dropFile(id: string): Promise<void> {
  const db = await open();
  unkept.delete(id);
  if (db) await within(db, 'readwrite', (store) => store.delete(id));
}

/** Carries everything from one shelf to another, where it waits under the same ids and in the same order. */
export async function moveFiles(from: string, to: string): Promise<void> {
  const files = await filesOn(from);
  try {
    await eachOn(from, (cursor) => cursor.update({ ...cursor.value, shelf: to }));
    for (const each of files) if (unkept.has(each.id)) unkept.set(each.id, { ...each, shelf: to });
  } catch {
    for (const each of files) unkept.set(each.id, { ...each, shelf: to });
  }
}

/** All or nothing, also where the page is left in the same moment. */
export async function dropFiles(shelf: string): Promise<void> {
  await eachOn(shelf, (cursor) => cursor.delete());
  for (const kept of unkept.values()) if (kept.shelf === shelf) unkept.delete(kept.id);
}

async function eachOn(shelf: string, change: (cursor: IDBCursorWithValue) => unknown): Promise<void> {
  const db = await open();
  if (!db) return;
  await within(db, 'readwrite', (store) => {
    const request = store.index('shelf').openCursor(shelf);
    request.onsuccess = () => {
      if (!request.result) return;
      change(request.result);
      request.result.continue();
    };
    return request;
  });
}
