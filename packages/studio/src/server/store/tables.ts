import type { Generated } from 'kysely';

// What the database holds, as SQLite stores it: 0 and 1 for false and true, JSON and moments (ISO 8601) as text.
// The same tables in SQL: migrations.ts.

export interface AccountTable {
  id: string;
  name: string;
  /** Null: the solo person, who has no password yet. */
  passwordHash: string | null;
  administrator: number;
  disabled: number;
  /** JSON of `Preferences`. */
  preferences: string;
  createdAt: string;
}

/** One signed-in browser. */
export interface SignInTable {
  /** SHA-256 of the cookie's secret. */
  tokenHash: string;
  account: string;
  csrfToken: string;
  createdAt: string;
  expiresAt: string;
}

export interface ApiTokenTable {
  id: string;
  account: string;
  project: string | null;
  name: string;
  /** SHA-256 of the secret. */
  tokenHash: string;
  mayWrite: number;
  createdAt: string;
  lastUsedAt: string | null;
}

export interface ProjectTable {
  id: string;
  name: string;
  blind: number;
  codersWanted: number;
  agreedAboveIou: number;
  sameFromIou: number;
  /** JSON of `TaxonomyData`; null: the 52 micro-actions. */
  taxonomy: string | null;
  createdAt: string;
}

export interface MemberTable {
  project: string;
  account: string;
  role: 'owner' | 'coder' | 'reviewer';
}

export interface VideoTable {
  id: string;
  project: string;
  name: string;
  /** Relative to the data folder, with slashes. */
  path: string;
  sizeBytes: number;
  /** Of the file, in milliseconds since 1970: with the size, tells a changed file. */
  modifiedMs: number;
  /** Of size and content: see `videos/fingerprint.ts`. */
  fingerprint: string | null;
  subject: string;
  notes: string;
  /** JSON of `VideoFacts`; null until it has been looked at. */
  facts: string | null;
  status: 'preparing' | 'ready' | 'missing' | 'changed' | 'unusable';
  problem: string | null;
  /** JSON: what has been derived, `{ motionRate, soundRate, thumbnail, points, proxy, ... }`. */
  derived: string;
  addedAt: string;
  /** Taken out of the project; kept, with its codings. */
  removedAt: string | null;
}

export interface CodingTable {
  id: string;
  video: string;
  kind: 'coder' | 'model' | 'final';
  account: string | null;
  /** Of kind `model`: its name; one coding a model and video. */
  model: string | null;
  status: 'open' | 'submitted';
  revision: number;
  submittedAt: string | null;
  createdAt: string;
}

/** Deleted ones stay, so that their version goes on counting. */
export interface InstanceTable {
  id: string;
  coding: string;
  action: string;
  start: number;
  end: number;
  state: 'proposed' | 'coded' | 'rejected';
  score: number | null;
  reason: string | null;
  version: number;
  deleted: number;
  /** The model's coding that it was copied from as a proposal; null: a person's own. */
  proposedBy: string | null;
}

/** The history of instances: never changed, never deleted from. */
export interface ChangeTable {
  sequence: Generated<number>;
  id: string;
  coding: string;
  instance: string;
  account: string;
  at: string;
  /** JSON of `CodedInstance`; null: was not there. */
  before: string | null;
  after: string | null;
}

export interface CommentTable {
  id: string;
  coding: string;
  instance: string;
  account: string;
  text: string;
  at: string;
}

/** Only added to: the last one of a dispute counts. */
export interface DecisionTable {
  sequence: Generated<number>;
  id: string;
  video: string;
  dispute: string;
  outcome: 'kept' | 'dropped';
  action: string | null;
  start: number | null;
  end: number | null;
  how: 'majority' | 'discussed';
  note: string;
  account: string;
  at: string;
}

/** Who did what with a video, beside the changes of instances. Only added to. */
export interface HistoryTable {
  sequence: Generated<number>;
  project: string;
  video: string;
  /** Null: the program itself. */
  account: string | null;
  what: string;
  /** JSON. */
  details: string;
  at: string;
}

export interface JobTable {
  id: string;
  project: string;
  video: string;
  kind: 'prepare' | 'proxy' | 'detect';
  model: string | null;
  status: 'queued' | 'running' | 'done' | 'failed' | 'cancelled';
  error: string | null;
  attempts: number;
  account: string | null;
  createdAt: string;
  finishedAt: string | null;
}

export interface UploadTable {
  id: string;
  project: string;
  account: string;
  name: string;
  sizeBytes: number;
  receivedBytes: number;
  video: string | null;
  createdAt: string;
}

/** Who saw others' work in a video of a blind project without having coded it: may not code it any more. */
export interface LookedTable {
  video: string;
  account: string;
  at: string;
}

export interface Tables {
  account: AccountTable;
  signIn: SignInTable;
  apiToken: ApiTokenTable;
  project: ProjectTable;
  member: MemberTable;
  video: VideoTable;
  coding: CodingTable;
  instance: InstanceTable;
  change: ChangeTable;
  comment: CommentTable;
  decision: DecisionTable;
  history: HistoryTable;
  job: JobTable;
  upload: UploadTable;
  looked: LookedTable;
}
