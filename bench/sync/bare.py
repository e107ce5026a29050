"""The floor: what no sync can do without. Git alone with a commit that is ready, and one statement on a connection
that is open.
"""

import io
import shutil
import subprocess
import time

from function import new_folder
from world import commit_edits, connect, make_repository, skill_id, texts


class Bare:
    def __init__(self, world, is_shallow):
        self.world = world
        self.folder = new_folder()
        # Of the newest commit alone: fetching is faster so.
        depth = ["--depth=1"] if is_shallow else []
        source = f"file://{world.repository}"
        subprocess.run(["git", "clone", "--quiet", "--bare", *depth, source, self.folder], check=True)
        subprocess.run(["git", "-C", self.folder, "remote", "set-url", "origin", world.url], check=True)
        self.connection = connect(world.name, world.database_server)

    def prepare_push(self, numbers):
        commit_edits(self.folder, numbers)

    def push(self, numbers):
        """A bare SELECT of these rows and a bare push of the commit of their files: seconds."""
        began = time.perf_counter()
        with self.connection.cursor() as cursor:
            cursor.execute('SELECT * FROM "Skill" WHERE id = ANY(%s)', ([skill_id(number) for number in numbers],))
            cursor.fetchall()
        self._git("push", "--quiet", "origin", "main")
        return time.perf_counter() - began

    def prepare_fetch(self, numbers):
        self.world.push(numbers)
        self.texts = [(texts.next(), skill_id(number)) for number in numbers]

    def fetch(self):
        """A bare fetch of the branch and a bare UPDATE of each row: seconds."""
        began = time.perf_counter()
        self._git("fetch", "--quiet", "--depth=1", "origin", "main")
        with self.connection.cursor() as cursor:
            for values in self.texts:
                cursor.execute('UPDATE "Skill" SET content = %s, "updatedAt" = now() WHERE id = %s', values)
        return time.perf_counter() - began

    def push_all(self):
        """The same of all skills, into a repository that is empty."""
        began = time.perf_counter()
        with self.connection.cursor() as cursor:
            cursor.execute('SELECT * FROM "Skill"')
            cursor.fetchall()
        self._git("push", "--quiet", "origin", "main")
        return time.perf_counter() - began

    def prepare_push_all(self):
        shutil.rmtree(self.world.repository)
        make_repository(self.world.repository)

    def fetch_all(self):
        """A bare fetch into an empty clone, and a bare COPY into an empty table: seconds."""
        began = time.perf_counter()
        self._git("fetch", "--quiet", "--depth=1", "origin", "main")
        with self.connection.cursor() as cursor:
            cursor.copy_expert('COPY "Skill" FROM STDIN', self.rows)
        return time.perf_counter() - began

    def prepare_fetch_all(self):
        shutil.rmtree(self.folder)
        subprocess.run(["git", "init", "--quiet", "--bare", self.folder], check=True)
        subprocess.run(["git", "-C", self.folder, "remote", "add", "origin", self.world.url], check=True)
        with self.connection.cursor() as cursor:
            cursor.execute('SELECT count(*) FROM "Skill"')
            if cursor.fetchone() != (0,):
                self.rows = io.BytesIO()
                cursor.copy_expert('COPY "Skill" TO STDOUT', self.rows)
                cursor.execute('TRUNCATE "Skill" CASCADE')
        self.rows.seek(0)

    def _git(self, *arguments):
        subprocess.run(["git", "-C", self.folder, "-c", "gc.auto=0", "-c", "maintenance.auto=false", *arguments], check=True)

    def end(self):
        self.connection.close()
        shutil.rmtree(self.folder, ignore_errors=True)
