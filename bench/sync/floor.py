"""The floor: what no sync can do without. Git alone with a commit that is ready, and one statement on a connection
that is open.
"""

import shutil
import subprocess
import time

from function import new_folder
from world import commit_edits, connect, skill_id, texts


class Floor:
    def __init__(self, world):
        self.world = world
        self.folder = new_folder()
        subprocess.run(["git", "clone", "--quiet", "--bare", world.repository, self.folder], check=True)
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
        self._git("fetch", "--quiet", "origin", "main")
        with self.connection.cursor() as cursor:
            for values in self.texts:
                cursor.execute('UPDATE "Skill" SET content = %s, "updatedAt" = now() WHERE id = %s', values)
        return time.perf_counter() - began

    def _git(self, *arguments):
        subprocess.run(["git", "-C", self.folder, "-c", "gc.auto=0", "-c", "maintenance.auto=false", *arguments], check=True)

    def end(self):
        self.connection.close()
        shutil.rmtree(self.folder, ignore_errors=True)
