# shellcheck shell=bash disable=SC2154 # `demo` and output.sh set the variables
# Sourced by `demo`: the scenarios, each with what it makes sure of. Every command that is shown is the one
# that runs.

incident=6f1c2b0e-58f4-4a39-9a83-0c1f5d9e7a11
single_sign_on=0d8e4c71-93b5-4d0a-b7e2-6a5f3c9b1d33
encryption=3a5d91c4-e7b2-4c06-8f1d-5b9e2d7a0c66

# row EXPRESSION ID: one value of a skill's row; nothing if there is no row.
row() { psql -XAtq "$WEB_DATABASE_URL" -c "SELECT $1 FROM \"Skill\" WHERE id = '$2'"; }

# The branch's newest commit, which the engineer's clone then has too.
pull() { git -C clone pull --quiet --ff-only; }
commit() { git -C clone rev-parse HEAD; }
changed_files() { git -C clone show --format= --name-status --no-renames HEAD | tr '\t' ' '; }

prepare() {
  heading "Before: a web application with five skills, an empty repository"
  shown <<'COMMAND'
psql -X "$WEB_DATABASE_URL" -c 'SELECT title, status, categories, "syncStatus" FROM "Skill" ORDER BY "createdAt"'
COMMAND
  say "The sync's own tables and a trigger, installed by the role that owns the application's tables:"
  shown 'DATABASE_URL=$OWNER_DATABASE_URL skills-to-git migrate'
  shown 'DATABASE_URL=$OWNER_DATABASE_URL skills-to-git migrate --print-grants sync | tee grants.sql'
  shown 'psql -Xq -v ON_ERROR_STOP=1 "$OWNER_DATABASE_URL" -f grants.sql'
  say "The first export: what is published becomes files, in one commit. The draft stays where it is."
  shown 'skills-to-git export'
  shown 'git clone --quiet -c user.name="Mira Novak" -c user.email=mira.novak@example.com "$TEST_GIT_URL/open/skills.git" clone'
  shown "git -C clone show --stat --color=$colour"
  holds "one commit with four files" equal "$(changed_files | sort)" \
    "$(printf 'A skills/%s.md\n' data-retention-and-deletion incident-response penetration-testing single-sign-on)"
  shown 'cat clone/skills/incident-response.md'
  holds "the web UI's badge shows the commit" equal "$(row '"syncStatus", "gitCommitSha"' $incident)" "synced|$(commit)"
  holds "the draft is nowhere in git" equal "$(git -C clone grep -il 'vendor onboarding' || true)" ""
}

create_in_the_web_ui() {
  heading "1. A skill is created in the web UI: it becomes a commit"
  shown <<'COMMAND'
psql -Xq -v ON_ERROR_STOP=1 "$WEB_DATABASE_URL" <<'SQL'
INSERT INTO "Skill" (id, title, categories, "ownerId", "updatedAt", content) VALUES (
  '3a5d91c4-e7b2-4c06-8f1d-5b9e2d7a0c66', 'Encryption at Rest', '{Security}', 'cm4k2jonas00018l4', now(),
  'Databases, backups and object storage are encrypted with AES-256. Keys are rotated every year.');
SQL
COMMAND
  holds "the trigger shows it as pending" equal "$(row '"syncStatus"' $encryption)" pending
  shown "skill-event SkillCreated $encryption | tee created.json"
  shown 'skills-to-git --event created.json'
  pull
  holds "the answer names the skill and the commit" has "$answer" "\"created\":[\"$encryption\"]" "$(commit)"
  shown "git -C clone show --stat --patch --color=$colour"
  holds "one new file" equal "$(changed_files)" "A skills/encryption-at-rest.md"
  holds "its author is the skill's owner" equal "$(git -C clone show --no-patch --format='%an <%ae>')" \
    "Jonas Weber <jonas.weber@example.com>"
  holds "the row shows the commit" equal "$(row '"syncStatus", "gitCommitSha"' $encryption)" "synced|$(commit)"
  say "GitHub tells of this push as of any other. It is our own, so nothing happens:"
  local ours before
  ours=$(commit)
  before=$(row 'xmin' $encryption)
  shown 'webhook clone | git-to-skills --event -'
  holds "nothing was written" equal "$(row 'xmin' $encryption)" "$before"
  holds "nothing was pushed" equal "$(git -C clone ls-remote --quiet origin main | cut -f 1)" "$ours"
}

edit_in_git() {
  heading "2. A file is edited in git: the row follows"
  shown <<'COMMAND'
sed -i 's/Google Workspace/Google Workspace and OneLogin/' clone/skills/single-sign-on.md
COMMAND
  shown 'git -C clone commit --quiet --all --message "OneLogin works too" && git -C clone push --quiet'
  shown "git -C clone show --color=$colour"
  say "GitHub delivers a signed webhook:"
  shown 'webhook clone | tee push.json'
  shown 'git-to-skills --event push.json'
  holds "the answer is 200 and names the skill" has "$answer" '"statusCode":200' "$single_sign_on" "$(commit)"
  shown <<COMMAND
psql -Xx "\$WEB_DATABASE_URL" -c 'SELECT title, content, "syncStatus", "gitCommitSha" FROM "Skill"
  WHERE id = '"'$single_sign_on'"
COMMAND
  holds "the row has the new sentence" has "$(row content $single_sign_on)" "Google Workspace and OneLogin."
  holds "the row shows the commit" equal "$(row '"syncStatus", "gitCommitSha"' $single_sign_on)" "synced|$(commit)"
}

create_in_git() {
  heading "3. A file is created in git: it becomes a row"
  shown <<'COMMAND'
cat >clone/skills/audit-logs.md <<'FILE'
---
title: Audit Logs
categories: [Security, Product]
owners:
  - name: Priya Raman
    email: priya.raman@example.com
---
Every sign-in and every change of a setting is logged, and kept for a year.
FILE
COMMAND
  shown 'git -C clone add skills && git -C clone commit --quiet --message "Audit logs" && git -C clone push --quiet'
  shown 'webhook clone | git-to-skills --event -'
  holds "the answer is 200 and names the file" has "$answer" '"statusCode":200' audit-logs.md
  shown <<'COMMAND'
psql -Xx "$WEB_DATABASE_URL" -c 'SELECT s.id, title, content, categories, status, u.name AS owner, "gitCommitSha"
  FROM "Skill" s LEFT JOIN "User" u ON u.id = s."ownerId" WHERE title = '"'Audit Logs'"
COMMAND
  local id
  id=$(psql -XAtq "$WEB_DATABASE_URL" -c "SELECT id FROM \"Skill\" WHERE title = 'Audit Logs'")
  holds "there is one such row, published" equal "$(row 'status, categories' "$id")" "PUBLISHED|{Security,Product}"
  holds "its owner was found by e-mail" equal "$(row '"ownerId"' "$id")" cm4k2priya00008l4
  holds "its text is the file's" equal "$(row content "$id")" \
    "Every sign-in and every change of a setting is logged, and kept for a year."
  holds "no commit was made for it" equal "$(git -C clone ls-remote --quiet origin main | cut -f 1)" "$(commit)"
}

update_in_the_web_ui() {
  heading "4. A skill is updated in the web UI: the file follows"
  shown <<COMMAND
psql -Xq -v ON_ERROR_STOP=1 "\$WEB_DATABASE_URL" <<'SQL'
UPDATE "Skill" SET "updatedAt" = now(), title = 'Encryption', categories = '{Security,Privacy}',
  content = replace(content, 'every year', 'every 90 days')
WHERE id = '$encryption';
SQL
COMMAND
  shown "skill-event SkillUpdated $encryption | skills-to-git --event -"
  pull
  holds "the answer names the skill and the commit" has "$answer" "\"renamed\":[\"$encryption\"]" "$(commit)"
  shown "git -C clone show --stat --patch --find-renames=30% --color=$colour"
  holds "the file follows its title" equal "$(changed_files | sort)" \
    "$(printf '%s\n' 'A skills/encryption.md' 'D skills/encryption-at-rest.md')"
  holds "it says what the row says" has "$(<clone/skills/encryption.md)" "rotated every 90 days" "- Privacy" "id: $encryption"
  holds "the row shows the commit" equal "$(row '"syncStatus", "gitCommitSha"' $encryption)" "synced|$(commit)"
}

edit_on_both_sides() {
  heading "5. Both sides edit one skill at the same time: both edits stay"
  say "In the web UI somebody changes the first paragraph …"
  shown <<COMMAND
psql -Xq -v ON_ERROR_STOP=1 "\$WEB_DATABASE_URL" <<'SQL'
UPDATE "Skill" SET "updatedAt" = now(), content = replace(content, 'within five minutes', 'within two minutes')
WHERE id = '$incident';
SQL
COMMAND
  say "… and before that is synced, an engineer changes the last one, and the categories."
  shown <<'COMMAND'
sed -i -e 's/within ten working days/within five working days/' -e 's/^  - Operations$/  - Reliability/' \
  clone/skills/incident-response.md
COMMAND
  shown 'git -C clone commit --quiet --all --message "Reviews within five days" && git -C clone push --quiet'
  shown "git -C clone show --color=$colour"
  say "The webhook comes first. The row takes the engineer's edits and keeps its own:"
  shown 'webhook clone | git-to-skills --event -'
  shown <<COMMAND
psql -Xx "\$WEB_DATABASE_URL" -c 'SELECT content, categories, "syncStatus" FROM "Skill" WHERE id = '"'$incident'"
COMMAND
  holds "the row has both edits" has "$(row 'content, categories' $incident)" "within two minutes" \
    "within five working days" "{Security,Reliability}"
  say "Then the application's event. The file gets what the web UI wrote, and nothing else:"
  shown "skill-event SkillUpdated $incident | skills-to-git --event -"
  pull
  shown "git -C clone show --stat --patch --color=$colour"
  holds "the file has both edits" has "$(<clone/skills/incident-response.md)" "within two minutes" \
    "within five working days" "- Reliability"
  holds "the commit took nothing back" equal "$(git -C clone show --format= | grep -c '^-.*\(five working days\|Reliability\)' || true)" 0
  shown 'skills-to-git conflicts'
  holds "nobody has to decide anything" equal "$answer" "no conflicts"
}

compare_both_sides() {
  heading "After: both sides agree"
  shown 'skills-to-git export --dry-run'
  holds "an export would push nothing" equal "$answer" "nothing to push"
  shown 'git-to-skills import --dry-run'
  holds "an import would write nothing" equal "$answer" "nothing to write"
  shown 'skills-to-git status'
  shown <<'COMMAND'
psql -X "$WEB_DATABASE_URL" -c 'SELECT title, status, "syncStatus", left("gitCommitSha", 8) AS commit FROM "Skill" ORDER BY title'
COMMAND
  shown "git -C clone log --reverse --color=$colour --format='%C(yellow)%h%C(reset) %<(40,trunc)%s %an'"
  holds "every published row is synced" equal "$(psql -XAtq "$WEB_DATABASE_URL" -c \
    "SELECT count(*) FROM \"Skill\" WHERE status = 'PUBLISHED' AND \"syncStatus\" IS DISTINCT FROM 'synced'")" 0
  holds "the files' titles and texts are the rows', by another reader than ours" equal "$(texts_of_files)" "$(texts_of_rows)"
}

# Title and text of every file: the text is what follows the second line of dashes.
texts_of_files() {
  local file
  for file in clone/skills/*.md; do
    printf '%s\n' "$(sed -n 's/^title: //p' "$file")" "$(awk 'dashes > 1; /^---$/ { dashes++ }' "$file")"
  done
}

texts_of_rows() {
  psql -XAtq "$WEB_DATABASE_URL" -c "SELECT title || E'\n' || content FROM \"Skill\" WHERE status = 'PUBLISHED'
    ORDER BY lower(title) COLLATE \"C\""
}
