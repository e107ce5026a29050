-- What the application changed in its tables a week after `upstream-schema.sql`; run after it.

ALTER TABLE "Skill" DROP CONSTRAINT "Skill_ownerId_fkey";
ALTER TABLE "Skill" ALTER COLUMN "ownerId" SET NOT NULL;
ALTER TABLE "Skill" ADD CONSTRAINT "Skill_ownerId_fkey"
  FOREIGN KEY ("ownerId") REFERENCES "User" ("id") ON DELETE RESTRICT ON UPDATE CASCADE;
CREATE UNIQUE INDEX "Skill_title_key" ON "Skill" ("title");
ALTER TABLE "Skill" ADD COLUMN "tier" TEXT NOT NULL DEFAULT 'library';
