-- What `migrate` of version 4 made, as pg_dump writes it: the later steps begin here.
CREATE SCHEMA skill_sync;
CREATE TABLE skill_sync.base (
    repository_id integer NOT NULL,
    skill_id text NOT NULL,
    path text NOT NULL,
    blob text NOT NULL,
    title text NOT NULL,
    text text NOT NULL,
    previous_text text,
    digest text,
    state text NOT NULL,
    CONSTRAINT base_state_check CHECK ((state = ANY (ARRAY['present'::text, 'tombstone'::text])))
);
CREATE TABLE skill_sync.conflict (
    id bigint NOT NULL,
    repository_id integer NOT NULL,
    skill_id text NOT NULL,
    path text,
    base_text text,
    row_text text,
    file_text text,
    decision text NOT NULL,
    row_at timestamp with time zone,
    row_by text,
    file_at timestamp with time zone,
    file_by text,
    detected_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    resolved_at timestamp with time zone,
    resolved_by text
);
ALTER TABLE skill_sync.conflict ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME skill_sync.conflict_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE skill_sync.failed (
    repository_id integer NOT NULL,
    side text NOT NULL,
    subject text NOT NULL,
    skill_id text,
    path text,
    blob text,
    reason text NOT NULL,
    message text NOT NULL,
    failed_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    CONSTRAINT failed_side_check CHECK ((side = ANY (ARRAY['row'::text, 'file'::text])))
);
CREATE TABLE skill_sync.held (
    repository_id integer NOT NULL,
    direction text NOT NULL,
    skill_id text NOT NULL,
    held_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    CONSTRAINT held_direction_check CHECK ((direction = ANY (ARRAY['import'::text, 'export'::text])))
);
CREATE TABLE skill_sync.intent (
    id uuid NOT NULL,
    repository_id integer NOT NULL,
    commit text NOT NULL,
    expected_tip text,
    created_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    deadline timestamp with time zone NOT NULL,
    outbox_ids bigint[] NOT NULL
);
CREATE TABLE skill_sync.intent_path (
    intent_id uuid NOT NULL,
    skill_id text NOT NULL,
    operation text NOT NULL,
    reason text NOT NULL,
    records_conflict boolean NOT NULL,
    path text NOT NULL,
    blob text NOT NULL,
    title text NOT NULL,
    text text NOT NULL,
    digest text,
    state text NOT NULL,
    CONSTRAINT intent_path_state_check CHECK ((state = ANY (ARRAY['present'::text, 'tombstone'::text])))
);
CREATE TABLE skill_sync.notice (
    repository_id integer NOT NULL,
    cause text NOT NULL,
    published_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL
);
CREATE TABLE skill_sync.outbox (
    id bigint NOT NULL,
    skill_table text NOT NULL,
    skill_id text,
    operation text NOT NULL,
    changed_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL
);
ALTER TABLE skill_sync.outbox ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME skill_sync.outbox_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE skill_sync.repository (
    id integer NOT NULL,
    repository text NOT NULL,
    branch text NOT NULL,
    directory text NOT NULL,
    skill_table text NOT NULL,
    tip text,
    generation uuid DEFAULT gen_random_uuid() NOT NULL,
    lease_holder text,
    lease_until timestamp with time zone,
    last_push_at timestamp with time zone,
    refused_at timestamp with time zone,
    refused_reason text,
    refused_message text,
    refused_configuration text,
    refusal_search jsonb,
    probe_at timestamp with time zone,
    paused boolean DEFAULT false NOT NULL
);
ALTER TABLE skill_sync.repository ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME skill_sync.repository_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE skill_sync.version (
    version integer NOT NULL,
    applied_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL
);
INSERT INTO skill_sync.version VALUES (1, '2026-11-26 03:09:42.27661+00');
INSERT INTO skill_sync.version VALUES (2, '2026-11-26 03:09:42.276695+00');
INSERT INTO skill_sync.version VALUES (3, '2026-11-26 03:09:42.276697+00');
INSERT INTO skill_sync.version VALUES (4, '2026-11-26 03:09:42.276698+00');
SELECT pg_catalog.setval('skill_sync.conflict_id_seq', 1, false);
SELECT pg_catalog.setval('skill_sync.outbox_id_seq', 1, false);
SELECT pg_catalog.setval('skill_sync.repository_id_seq', 1, false);
ALTER TABLE ONLY skill_sync.base
    ADD CONSTRAINT base_pkey PRIMARY KEY (repository_id, skill_id);
ALTER TABLE ONLY skill_sync.conflict
    ADD CONSTRAINT conflict_pkey PRIMARY KEY (id);
ALTER TABLE ONLY skill_sync.failed
    ADD CONSTRAINT failed_pkey PRIMARY KEY (repository_id, side, subject);
ALTER TABLE ONLY skill_sync.held
    ADD CONSTRAINT held_pkey PRIMARY KEY (repository_id, direction, skill_id);
ALTER TABLE ONLY skill_sync.intent_path
    ADD CONSTRAINT intent_path_pkey PRIMARY KEY (intent_id, skill_id);
ALTER TABLE ONLY skill_sync.intent
    ADD CONSTRAINT intent_pkey PRIMARY KEY (id);
ALTER TABLE ONLY skill_sync.notice
    ADD CONSTRAINT notice_pkey PRIMARY KEY (repository_id, cause);
ALTER TABLE ONLY skill_sync.outbox
    ADD CONSTRAINT outbox_pkey PRIMARY KEY (id);
ALTER TABLE ONLY skill_sync.repository
    ADD CONSTRAINT repository_pkey PRIMARY KEY (id);
ALTER TABLE ONLY skill_sync.repository
    ADD CONSTRAINT repository_repository_branch_directory_skill_table_key UNIQUE (repository, branch, directory, skill_table);
ALTER TABLE ONLY skill_sync.version
    ADD CONSTRAINT version_pkey PRIMARY KEY (version);
CREATE UNIQUE INDEX conflict_open ON skill_sync.conflict USING btree (repository_id, skill_id) WHERE (resolved_at IS NULL);
ALTER TABLE ONLY skill_sync.base
    ADD CONSTRAINT base_repository_id_fkey FOREIGN KEY (repository_id) REFERENCES skill_sync.repository(id) ON DELETE CASCADE;
ALTER TABLE ONLY skill_sync.conflict
    ADD CONSTRAINT conflict_repository_id_fkey FOREIGN KEY (repository_id) REFERENCES skill_sync.repository(id) ON DELETE CASCADE;
ALTER TABLE ONLY skill_sync.failed
    ADD CONSTRAINT failed_repository_id_fkey FOREIGN KEY (repository_id) REFERENCES skill_sync.repository(id) ON DELETE CASCADE;
ALTER TABLE ONLY skill_sync.held
    ADD CONSTRAINT held_repository_id_fkey FOREIGN KEY (repository_id) REFERENCES skill_sync.repository(id) ON DELETE CASCADE;
ALTER TABLE ONLY skill_sync.intent_path
    ADD CONSTRAINT intent_path_intent_id_fkey FOREIGN KEY (intent_id) REFERENCES skill_sync.intent(id) ON DELETE CASCADE;
ALTER TABLE ONLY skill_sync.intent
    ADD CONSTRAINT intent_repository_id_fkey FOREIGN KEY (repository_id) REFERENCES skill_sync.repository(id) ON DELETE CASCADE;
ALTER TABLE ONLY skill_sync.notice
    ADD CONSTRAINT notice_repository_id_fkey FOREIGN KEY (repository_id) REFERENCES skill_sync.repository(id) ON DELETE CASCADE;
