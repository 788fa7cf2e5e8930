/**
 * From one version of the database to the next, in order; `PRAGMA user_version` counts how many were run. What is
 * released is never edited: a change is a new entry.
 */
export const migrations: readonly string[] = [
  `
  create table account (
    id text primary key,
    name text not null unique collate nocase,
    passwordHash text,
    administrator integer not null,
    disabled integer not null default 0,
    preferences text not null default '{}',
    createdAt text not null
  ) strict;
  create table signIn (
    tokenHash text primary key,
    account text not null references account (id),
    csrfToken text not null,
    createdAt text not null,
    expiresAt text not null
  ) strict;
  create index signInByAccount on signIn (account);
  create table project (
    id text primary key,
    name text not null,
    blind integer not null,
    codersWanted integer not null,
    agreedAboveIou real not null,
    sameFromIou real not null,
    taxonomy text,
    createdAt text not null
  ) strict;
  create table apiToken (
    id text primary key,
    account text not null references account (id),
    project text references project (id),
    name text not null,
    tokenHash text not null unique,
    mayWrite integer not null,
    createdAt text not null,
    lastUsedAt text
  ) strict;
  create table member (
    project text not null references project (id),
    account text not null references account (id),
    role text not null check (role in ('owner', 'coder', 'reviewer')),
    primary key (project, account)
  ) strict;
  create table video (
    id text primary key,
    project text not null references project (id),
    name text not null,
    path text not null,
    sizeBytes integer not null,
    modifiedMs real not null,
    subject text not null default '',
    notes text not null default '',
    facts text,
    status text not null,
    problem text,
    derived text not null default '{}',
    addedAt text not null,
    removedAt text
  ) strict;
  create index videoByProject on video (project);
  create table coding (
    id text primary key,
    video text not null references video (id),
    kind text not null check (kind in ('coder', 'model', 'final')),
    account text references account (id),
    model text,
    status text not null default 'open' check (status in ('open', 'submitted')),
    revision integer not null default 0,
    submittedAt text,
    createdAt text not null
  ) strict;
  create unique index codingOfWhom on coding (video, kind, coalesce(account, ''), coalesce(model, ''));
  create table instance (
    id text primary key,
    coding text not null references coding (id),
    action text not null,
    start real not null,
    "end" real not null,
    state text not null check (state in ('proposed', 'coded', 'rejected')),
    score real,
    reason text,
    version integer not null,
    deleted integer not null default 0,
    proposedBy text references coding (id),
    check (start >= 0 and start < "end")
  ) strict;
  create index instanceByCoding on instance (coding);
  create table change (
    sequence integer primary key autoincrement,
    id text not null unique,
    coding text not null references coding (id),
    instance text not null references instance (id),
    account text not null references account (id),
    at text not null,
    before text,
    after text
  ) strict;
  create index changeByCoding on change (coding, sequence);
  create index changeByInstance on change (instance, sequence);
  create table comment (
    id text primary key,
    coding text not null references coding (id),
    instance text not null references instance (id),
    account text not null references account (id),
    text text not null,
    at text not null
  ) strict;
  create index commentByCoding on comment (coding);
  create table decision (
    sequence integer primary key autoincrement,
    id text not null unique,
    video text not null references video (id),
    dispute text not null,
    outcome text not null check (outcome in ('kept', 'dropped')),
    action text,
    start real,
    "end" real,
    how text not null check (how in ('majority', 'discussed')),
    note text not null,
    account text not null references account (id),
    at text not null
  ) strict;
  create index decisionByVideo on decision (video, sequence);
  create table history (
    sequence integer primary key autoincrement,
    project text not null references project (id),
    video text not null references video (id),
    account text references account (id),
    what text not null,
    details text not null,
    at text not null
  ) strict;
  create index historyByVideo on history (video, sequence);
  create table job (
    id text primary key,
    project text not null references project (id),
    video text not null references video (id),
    kind text not null,
    model text,
    status text not null,
    error text,
    attempts integer not null default 0,
    account text references account (id),
    createdAt text not null,
    finishedAt text
  ) strict;
  create index jobByProject on job (project, status);
  create table upload (
    id text primary key,
    project text not null references project (id),
    account text not null references account (id),
    name text not null,
    sizeBytes integer not null,
    receivedBytes integer not null,
    video text references video (id),
    createdAt text not null
  ) strict;
  create table looked (
    video text not null references video (id),
    account text not null references account (id),
    at text not null,
    primary key (video, account)
  ) strict;
  `,
  // Tells whether a file that was moved is the same one.
  'alter table video add column fingerprint text',
  // Instances are counted by state in every list of videos.
  'drop index instanceByCoding; create index instanceByCoding on instance (coding, deleted, state)',
  // Thousands of videos may be added at once.
  `
  create index videoByPath on video (project, path);
  create index jobByVideo on job (video, kind);
  create index jobByStatus on job (status, kind);
  `,
];
