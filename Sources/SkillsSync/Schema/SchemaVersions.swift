/// Our tables, as the steps from each version to the next.
///
/// A step that was released is never changed, only followed.
///
/// - `version`: each step that was taken; `oldest_program` is ``oldestProgram`` of the newest.
/// - `repository`: one row for each pair of a branch's folder and a skill table. `tip` is the recorded tip: the last commit
///   that was looked at. `generation` is new with every transaction that writes here; what was read under one
///   generation is written only under the same. `whole_generation` is the same where no base is of another commit than the
///   recorded tip, and each of its files is at its base or recorded as set aside, in conflict or held; a program that doesn't
///   know it leaves another there. `refused_at` and what follows it are those of a push that a rule of the
///   repository refused, until one is accepted; before `probe_at` none is tried. `tip_seen_at` is when a run last saw that
///   the branch's tip is imported, `created_at` when we first heard of the repository. `status_commit` and what follows it
///   are what GitHub is told of the commit that was imported last, `status_is_set` whether it has it; before
///   `status_retry_at` it isn't asked.
/// - `base`: the last version both sides agreed on; `digest` is the row's then, null where the row differs from the base.
///   Its index by path is one of hashes, as a path may be longer than an entry of another.
/// - `outbox`: one row for each change in the skill table, written by its trigger; `skill_id` is null for TRUNCATE.
/// - `intent`, `intent_path`: a push under way, and what base becomes once its commit is in the branch.
/// - `held`: deletions that wait for a confirmation.
/// - `conflict`: what lost, or waits for a person. `failed`: what can't be synced as it is.
/// - `notice`: what people were told of, and when last.
/// - `history`: one row for each push that landed and each import that wrote rows; `lag_seconds` is how long the oldest of
///   what it brought had waited, null where that isn't known.
let schemaVersions: [String] = [
  """
  CREATE TABLE skill_sync.repository (
    id             integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    repository     text NOT NULL,
    branch         text NOT NULL,
    directory      text NOT NULL,
    skill_table    text NOT NULL,
    tip            text,
    generation     uuid NOT NULL DEFAULT gen_random_uuid(),
    lease_holder   text,
    lease_until    timestamptz,
    last_push_at   timestamptz,
    UNIQUE (repository, branch, directory, skill_table)
  );

  CREATE TABLE skill_sync.base (
    repository_id  integer NOT NULL REFERENCES skill_sync.repository (id) ON DELETE CASCADE,
    skill_id       text NOT NULL,
    path           text NOT NULL,
    blob           text NOT NULL,
    title          text NOT NULL,
    text           text NOT NULL,
    previous_text  text,
    digest         text,
    state          text NOT NULL CHECK (state IN ('present', 'tombstone')),
    PRIMARY KEY (repository_id, skill_id)
  );

  CREATE TABLE skill_sync.outbox (
    id             bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    skill_table    text NOT NULL,
    skill_id       text,
    operation      text NOT NULL,
    changed_at     timestamptz NOT NULL DEFAULT clock_timestamp()
  );

  CREATE TABLE skill_sync.intent (
    id             uuid PRIMARY KEY,
    repository_id  integer NOT NULL REFERENCES skill_sync.repository (id) ON DELETE CASCADE,
    commit         text NOT NULL,
    expected_tip   text,
    created_at     timestamptz NOT NULL DEFAULT clock_timestamp(),
    deadline       timestamptz NOT NULL,
    outbox_ids     bigint[] NOT NULL
  );

  CREATE TABLE skill_sync.intent_path (
    intent_id      uuid NOT NULL REFERENCES skill_sync.intent (id) ON DELETE CASCADE,
    skill_id       text NOT NULL,
    operation      text NOT NULL,
    reason         text NOT NULL,
    records_conflict boolean NOT NULL,
    path           text NOT NULL,
    blob           text NOT NULL,
    title          text NOT NULL,
    text           text NOT NULL,
    digest         text,
    state          text NOT NULL CHECK (state IN ('present', 'tombstone')),
    PRIMARY KEY (intent_id, skill_id)
  );

  CREATE TABLE skill_sync.conflict (
    id             bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    repository_id  integer NOT NULL REFERENCES skill_sync.repository (id) ON DELETE CASCADE,
    skill_id       text NOT NULL,
    path           text,
    base_text      text,
    row_text       text,
    file_text      text,
    decision       text NOT NULL,
    row_at         timestamptz,
    row_by         text,
    file_at        timestamptz,
    file_by        text,
    detected_at    timestamptz NOT NULL DEFAULT clock_timestamp(),
    resolved_at    timestamptz,
    resolved_by    text
  );
  CREATE UNIQUE INDEX conflict_open ON skill_sync.conflict (repository_id, skill_id) WHERE resolved_at IS NULL;

  CREATE TABLE skill_sync.failed (
    repository_id  integer NOT NULL REFERENCES skill_sync.repository (id) ON DELETE CASCADE,
    side           text NOT NULL CHECK (side IN ('row', 'file')),
    subject        text NOT NULL,
    skill_id       text,
    path           text,
    blob           text,
    reason         text NOT NULL,
    message        text NOT NULL,
    failed_at      timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (repository_id, side, subject)
  );
  """,
  """
  ALTER TABLE skill_sync.repository
    ADD COLUMN refused_at            timestamptz,
    ADD COLUMN refused_reason        text,
    ADD COLUMN refused_message       text,
    ADD COLUMN refused_configuration text,
    ADD COLUMN refusal_search        jsonb,
    ADD COLUMN probe_at              timestamptz;
  """,
  """
  ALTER TABLE skill_sync.repository ADD COLUMN paused boolean NOT NULL DEFAULT false;

  CREATE TABLE skill_sync.held (
    repository_id  integer NOT NULL REFERENCES skill_sync.repository (id) ON DELETE CASCADE,
    direction      text NOT NULL CHECK (direction IN ('import', 'export')),
    skill_id       text NOT NULL,
    held_at        timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (repository_id, direction, skill_id)
  );
  """,
  """
  CREATE TABLE skill_sync.notice (
    repository_id  integer NOT NULL REFERENCES skill_sync.repository (id) ON DELETE CASCADE,
    cause          text NOT NULL,
    published_at   timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (repository_id, cause)
  );
  """,
  """
  CREATE TABLE skill_sync.history (
    id             bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    repository_id  integer NOT NULL REFERENCES skill_sync.repository (id) ON DELETE CASCADE,
    direction      text NOT NULL CHECK (direction IN ('import', 'export')),
    commit         text,
    created        integer NOT NULL,
    updated        integer NOT NULL,
    renamed        integer NOT NULL,
    archived       integer NOT NULL,
    deleted        integer NOT NULL,
    lag_seconds    double precision,
    synced_at      timestamptz NOT NULL DEFAULT clock_timestamp()
  );
  CREATE INDEX history_time ON skill_sync.history (repository_id, synced_at);

  ALTER TABLE skill_sync.repository ADD COLUMN tip_seen_at timestamptz;

  ALTER TABLE skill_sync.repository
    ADD COLUMN status_commit         text,
    ADD COLUMN status_state          text,
    ADD COLUMN status_text           text,
    ADD COLUMN status_is_set         boolean NOT NULL DEFAULT false;
  """,
  """
  ALTER TABLE skill_sync.repository
    ADD COLUMN created_at            timestamptz NOT NULL DEFAULT clock_timestamp(),
    ADD COLUMN status_retry_at       timestamptz;

  ALTER TABLE skill_sync.version ADD COLUMN oldest_program integer;
  """,
  """
  CREATE INDEX base_path ON skill_sync.base USING hash (path);

  ALTER TABLE skill_sync.repository ADD COLUMN whole_generation uuid;
  """,
]

/// The oldest program, by the version that it was made for, that works with the newest of these: then a deploy can be rolled
/// back without touching the tables.
///
/// A step that adds what older programs need not know leaves it as it is; any other makes it its own version.
let oldestProgram = 6
