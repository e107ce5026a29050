"""The flow that the first design of the two functions describes, as it stands there: a shallow clone each time.

Written for speed where the design leaves a choice, and called in a process that is up, so that no start is counted.
"""

import json
import os
import re
import shutil
import subprocess
import time

from function import new_folder
from world import connect


class CloningFlow:
    def __init__(self, world):
        self.world = world
        self.folder = new_folder()

    def save(self, skill, operation="update"):
        """Lambda 1, triggered by an event: seconds."""
        shutil.rmtree(self.folder, ignore_errors=True)
        began = time.perf_counter()
        row = self._fetch(skill)
        self._clone()
        slug = re.sub("[^a-z0-9]+", "-", row["title"].lower()).strip("-")
        with open(os.path.join(self.folder, "skills", f"{slug}.md"), "w", encoding="utf-8") as file:
            file.write(skill_file(row))
        self._git("add", "skills/*.md")
        self._git("commit", "--quiet", "-m", f"{operation}: {row['title']}")
        self._git("push", "--quiet")
        return time.perf_counter() - began

    def webhook(self, payload):
        """Lambda 2, triggered by a push: seconds."""
        shutil.rmtree(self.folder, ignore_errors=True)
        began = time.perf_counter()
        commits = json.loads(payload)["commits"]
        files = {f for c in commits for f in c["added"] + c["modified"] if f.startswith("skills/")}
        if files:
            self._clone()
            connection = connect(self.world.name, self.world.database_server)
            with connection.cursor() as cursor:
                for name in sorted(files):
                    with open(os.path.join(self.folder, name), encoding="utf-8") as file:
                        upsert(cursor, *parse(file.read()))
            connection.close()
        return time.perf_counter() - began

    def end(self):
        shutil.rmtree(self.folder, ignore_errors=True)

    def _fetch(self, skill):
        connection = connect(self.world.name, self.world.database_server)
        with connection.cursor() as cursor:
            cursor.execute('SELECT * FROM "Skill" WHERE id = %s', (skill,))
            row = dict(zip([column.name for column in cursor.description], cursor.fetchone()))
        connection.close()
        return row

    def _clone(self):
        subprocess.run(["git", "clone", "--quiet", "--depth", "1", self.world.url, self.folder], check=True)

    def _git(self, *arguments):
        subprocess.run(
            ["git", "-C", self.folder, "-c", "user.name=Sync", "-c", "user.email=sync@example.com", *arguments], check=True
        )


def skill_file(row):
    categories = "".join(f"  - {category}\n" for category in row["categories"] or [])
    return (
        f"---\nid: {row['id']}\ntitle: {row['title']}\ncategories:\n{categories}"
        f"created: '{row['createdAt'].isoformat(timespec='milliseconds')}Z'\n"
        f"updated: '{row['updatedAt'].isoformat(timespec='milliseconds')}Z'\n"
        f"active: {str(row['isActive']).lower()}\n---\n{row['content']}\n"
    )


def parse(text):
    """The front matter's id, title and categories, and the body."""
    front_matter, _, content = text[4:].partition("\n---\n")
    values = dict(re.findall(r"^(\w+): *(.*)$", front_matter, re.MULTILINE))
    categories = re.search(r"^categories:\n((?: +- .*\n)*)", front_matter, re.MULTILINE)
    names = re.findall(r"- (.*)", categories[1]) if categories else []
    return values["id"].strip("'\""), values["title"].strip("'\""), names, content.strip("\n")


def upsert(cursor, skill, title, categories, content):
    cursor.execute(
        """
        INSERT INTO "Skill" (id, title, categories, content, "ownerId", "updatedAt") VALUES (%s, %s, %s, %s, 'user-ada', now())
        ON CONFLICT (id) DO UPDATE SET title = excluded.title, categories = excluded.categories,
          content = excluded.content, "updatedAt" = excluded."updatedAt"
        """,
        (skill, title, categories, content),
    )
