-- The application's tables as of December 2025, as Prisma makes them.

CREATE TYPE "UserRole" AS ENUM ('USER', 'ADMIN', 'PROMPT_ADMIN');
CREATE TYPE "Capability" AS ENUM (
  'ASK_QUESTIONS', 'CREATE_PROJECTS', 'REVIEW_ANSWERS', 'MANAGE_KNOWLEDGE', 'MANAGE_PROMPTS', 'VIEW_ORG_DATA',
  'MANAGE_USERS', 'ADMIN'
);
CREATE TYPE "SkillStatus" AS ENUM ('DRAFT', 'IN_REVIEW', 'PUBLISHED', 'ARCHIVED');

CREATE TABLE "User" (
  "id" TEXT NOT NULL,
  "name" TEXT,
  "email" TEXT,
  "emailVerified" TIMESTAMP(3),
  "image" TEXT,
  "role" "UserRole" NOT NULL DEFAULT 'USER',
  "capabilities" "Capability"[] DEFAULT ARRAY['ASK_QUESTIONS']::"Capability"[],
  "manualCapabilities" "Capability"[] DEFAULT ARRAY[]::"Capability"[],
  "ssoGroups" TEXT[] DEFAULT ARRAY[]::TEXT[],
  "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "updatedAt" TIMESTAMP(3) NOT NULL,
  CONSTRAINT "User_pkey" PRIMARY KEY ("id")
);
CREATE UNIQUE INDEX "User_email_key" ON "User" ("email");

CREATE TABLE "Skill" (
  "id" TEXT NOT NULL,
  "title" TEXT NOT NULL,
  "content" TEXT NOT NULL,
  "categories" TEXT[],
  "quickFacts" JSONB,
  "edgeCases" TEXT[],
  "sourceUrls" JSONB,
  "sourceDocuments" JSONB,
  "isActive" BOOLEAN NOT NULL DEFAULT true,
  "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "updatedAt" TIMESTAMP(3) NOT NULL,
  "lastRefreshedAt" TIMESTAMP(3),
  "createdBy" TEXT,
  "ownerId" TEXT,
  "owners" JSONB,
  "history" JSONB,
  "requiresReview" BOOLEAN,
  "minApprovers" INTEGER,
  "approvers" TEXT[] DEFAULT ARRAY[]::TEXT[],
  "status" "SkillStatus" NOT NULL DEFAULT 'PUBLISHED',
  "draftContent" TEXT,
  "pendingReviewers" JSONB,
  "reviewRequestedAt" TIMESTAMP(3),
  "reviewRequestedBy" TEXT,
  "reviewComments" JSONB,
  "lastSyncedAt" TIMESTAMP(3),
  "syncStatus" TEXT,
  "gitCommitSha" TEXT,
  CONSTRAINT "Skill_pkey" PRIMARY KEY ("id")
);
CREATE INDEX "Skill_isActive_updatedAt_idx" ON "Skill" ("isActive", "updatedAt");
CREATE INDEX "Skill_ownerId_idx" ON "Skill" ("ownerId");
CREATE INDEX "Skill_status_idx" ON "Skill" ("status");
CREATE INDEX "Skill_reviewRequestedAt_idx" ON "Skill" ("reviewRequestedAt");
CREATE INDEX "Skill_syncStatus_idx" ON "Skill" ("syncStatus");
CREATE INDEX "Skill_lastSyncedAt_idx" ON "Skill" ("lastSyncedAt");
ALTER TABLE "Skill" ADD CONSTRAINT "Skill_ownerId_fkey"
  FOREIGN KEY ("ownerId") REFERENCES "User" ("id") ON DELETE SET NULL ON UPDATE CASCADE;

CREATE TABLE "SkillSyncLog" (
  "id" TEXT NOT NULL,
  "skillId" TEXT NOT NULL,
  "operation" TEXT NOT NULL,
  "direction" TEXT NOT NULL,
  "status" TEXT NOT NULL,
  "startedAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "completedAt" TIMESTAMP(3),
  "error" TEXT,
  "gitCommitSha" TEXT,
  "syncedBy" TEXT,
  CONSTRAINT "SkillSyncLog_pkey" PRIMARY KEY ("id")
);
CREATE INDEX "SkillSyncLog_skillId_idx" ON "SkillSyncLog" ("skillId");
CREATE INDEX "SkillSyncLog_status_idx" ON "SkillSyncLog" ("status");
CREATE INDEX "SkillSyncLog_startedAt_idx" ON "SkillSyncLog" ("startedAt");
CREATE INDEX "SkillSyncLog_direction_idx" ON "SkillSyncLog" ("direction");
ALTER TABLE "SkillSyncLog" ADD CONSTRAINT "SkillSyncLog_skillId_fkey"
  FOREIGN KEY ("skillId") REFERENCES "Skill" ("id") ON DELETE CASCADE ON UPDATE CASCADE;
