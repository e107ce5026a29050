-- The part of the web application's database that the demo needs: three of its tables, as Prisma makes them.
-- Names are in mixed case, so they stand in quotes. Times are UTC without a zone. Ids and "updatedAt" have no
-- default: the application's own client fills them in, and plain SQL must do the same.

CREATE TYPE "UserRole" AS ENUM ('USER', 'ADMIN', 'PROMPT_ADMIN');
CREATE TYPE "Capability" AS ENUM (
  'ASK_QUESTIONS', 'CREATE_PROJECTS', 'REVIEW_ANSWERS', 'MANAGE_KNOWLEDGE', 'MANAGE_PROMPTS', 'VIEW_ORG_DATA',
  'MANAGE_USERS', 'ADMIN'
);
CREATE TYPE "SkillStatus" AS ENUM ('DRAFT', 'IN_REVIEW', 'PUBLISHED', 'ARCHIVED');

CREATE TABLE "User" (
  id                   TEXT PRIMARY KEY,
  name                 TEXT,
  email                TEXT UNIQUE,
  "emailVerified"      TIMESTAMP(3),
  image                TEXT,
  role                 "UserRole" NOT NULL DEFAULT 'USER',
  capabilities         "Capability"[] DEFAULT ARRAY['ASK_QUESTIONS']::"Capability"[],
  "manualCapabilities" "Capability"[] DEFAULT ARRAY[]::"Capability"[],
  "ssoGroups"          TEXT[] DEFAULT ARRAY[]::TEXT[],
  "createdAt"          TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "updatedAt"          TIMESTAMP(3) NOT NULL
);

CREATE TABLE "Skill" (
  id                  TEXT PRIMARY KEY,
  title               TEXT NOT NULL,
  content             TEXT NOT NULL,
  categories          TEXT[],
  "quickFacts"        JSONB,
  "edgeCases"         TEXT[],
  "sourceUrls"        JSONB, -- [{url, addedAt, lastFetchedAt}]
  "sourceDocuments"   JSONB,
  "isActive"          BOOLEAN NOT NULL DEFAULT true,
  "createdAt"         TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "updatedAt"         TIMESTAMP(3) NOT NULL,
  "lastRefreshedAt"   TIMESTAMP(3),
  "createdBy"         TEXT,
  "ownerId"           TEXT REFERENCES "User" ON DELETE SET NULL ON UPDATE CASCADE,
  owners              JSONB, -- [{name, email, userId}], beside the owner that "ownerId" names
  history             JSONB,
  "requiresReview"    BOOLEAN,
  "minApprovers"      INTEGER,
  approvers           TEXT[] DEFAULT ARRAY[]::TEXT[],
  status              "SkillStatus" NOT NULL DEFAULT 'PUBLISHED',
  "draftContent"      TEXT,
  "pendingReviewers"  JSONB,
  "reviewRequestedAt" TIMESTAMP(3),
  "reviewRequestedBy" TEXT,
  "reviewComments"    JSONB,
  -- What the web UI shows as a badge. The sync keeps these three true.
  "lastSyncedAt"      TIMESTAMP(3),
  "syncStatus"        TEXT, -- synced, pending or failed
  "gitCommitSha"      TEXT
);
CREATE INDEX ON "Skill" ("isActive", "updatedAt");
CREATE INDEX ON "Skill" ("ownerId");
CREATE INDEX ON "Skill" (status);
CREATE INDEX ON "Skill" ("reviewRequestedAt");
CREATE INDEX ON "Skill" ("syncStatus");
CREATE INDEX ON "Skill" ("lastSyncedAt");

CREATE TABLE "SkillSyncLog" (
  id             TEXT PRIMARY KEY,
  "skillId"      TEXT NOT NULL REFERENCES "Skill" ON DELETE CASCADE ON UPDATE CASCADE,
  operation      TEXT NOT NULL, -- create, update, delete or refresh
  direction      TEXT NOT NULL, -- db-to-git or git-to-db
  status         TEXT NOT NULL, -- pending, success or failed
  "startedAt"    TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "completedAt"  TIMESTAMP(3),
  error          TEXT,
  "gitCommitSha" TEXT,
  "syncedBy"     TEXT
);
CREATE INDEX ON "SkillSyncLog" ("skillId");
CREATE INDEX ON "SkillSyncLog" (status);
CREATE INDEX ON "SkillSyncLog" ("startedAt");
CREATE INDEX ON "SkillSyncLog" (direction);

-- The application's own role may work with its tables and nothing else.
GRANT USAGE ON SCHEMA public TO web_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON "User", "Skill", "SkillSyncLog" TO web_app;
