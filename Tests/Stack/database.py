"""The application's database, as upstream has it, with the roles that it has in production."""

import os
import secrets
import subprocess
import uuid

PROJECT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
FIXTURES = os.path.join(PROJECT, "Tests", "Fixtures")
PSQL = ["psql", "-XAtq", "-v", "ON_ERROR_STOP=1"]
ENVIRONMENT = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"}


class Database:
    """A database on the server at `server`, a superuser's URL. The functions' role needs its password."""

    def __init__(self, server, zip_file):
        self._server = server
        self._at = server.split("@")[1].rsplit("/", 1)[0]
        self._zip = zip_file
        self._application = f"postgresql://web_app@{self._at}/skills"
        self.password = secrets.token_urlsafe(24)
        self._sql(server, f"""
            CREATE ROLE app_owner LOGIN;
            CREATE ROLE web_app LOGIN;
            CREATE ROLE sync LOGIN PASSWORD '{self.password}';
            CREATE DATABASE skills OWNER app_owner;
        """)
        self._let_in("host")
        for name in "upstream-schema.sql", "users.sql":
            with open(os.path.join(FIXTURES, name), encoding="utf-8") as file:
                self.as_owner(file.read())
        self.as_owner('GRANT SELECT, INSERT, UPDATE, DELETE ON "User", "Skill", "SkillSyncLog" TO web_app')
        self._skills_to_git("migrate")
        self.as_owner(self._skills_to_git("migrate", "--print-grants", "sync"))

    def url(self):
        """What the functions' secret holds."""
        return f"postgresql://sync:{self.password}@{self._at}/skills"

    def as_owner(self, statements):
        return self._sql(f"postgresql://app_owner@{self._at}/skills", statements)

    def as_application(self, statements):
        """What the web application does: it has no rights but on its own tables."""
        return self._sql(self._application, statements)

    def create(self, title, content):
        """A skill that somebody saves in the web application; returns its id."""
        skill = str(uuid.uuid4())
        self.as_application(insert(skill, title, content))
        return skill

    def create_later(self, title, content):
        """A skill whose transaction is still open; returns its id, and a function that commits."""
        skill = str(uuid.uuid4())
        session = subprocess.Popen(
            [*PSQL, self._application], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=ENVIRONMENT, text=True
        )
        session.stdin.write(f"BEGIN; {insert(skill, title, content)}; SELECT 'ready';\n")
        session.stdin.flush()
        session.stdout.readline()

        def commit():
            session.communicate("COMMIT;\n")
            if session.returncode:
                raise RuntimeError(f"{title} wasn't committed")

        return skill, commit

    def row(self, expression, title):
        """A value of a skill's row; nothing if there is no such row."""
        return self.as_application(f"""SELECT {expression} FROM "Skill" WHERE title = $t${title}$t$""")

    def history(self, since):
        """Pushes and imports that the functions recorded, with their times in milliseconds since 1970."""
        lines = self._sql(f"{self._server.rsplit('/', 1)[0]}/skills", f"""
            SELECT floor(extract(epoch FROM synced_at) * 1000)::bigint, direction, left(commit, 7),
              created + updated + renamed + archived + deleted
            FROM skill_sync.history WHERE synced_at >= to_timestamp({since} / 1000.0) ORDER BY synced_at
        """)
        rows = [line.split("|") for line in lines.splitlines()]
        return [(int(time), direction, commit, int(skills)) for time, direction, commit, skills in rows]

    def demand_tls(self):
        """Lets the functions in over TLS only, as RDS can; returns the authority of the server's certificate, in PEM."""
        self._sql(self._server, """
            COPY (SELECT 1) TO PROGRAM 'cat >/dev/null; umask 077; openssl req -x509 -newkey ec
              -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=127.0.0.1
              -addext subjectAltName=IP:127.0.0.1 -keyout server.key -out server.crt'
        """.replace("\n", " "))
        self._sql(self._server, "ALTER SYSTEM SET ssl = on")
        self._let_in("hostssl")
        return self._sql(self._server, "SELECT pg_read_file('server.crt')") + "\n"

    def _let_in(self, how):
        """The functions' role with its password."""
        path = self._sql(self._server, "SHOW hba_file")
        with open(path, encoding="utf-8") as file:
            others = [line for line in file if "skills sync" not in line]
        with open(path, "w", encoding="utf-8") as file:
            file.writelines([f"{how} skills sync 127.0.0.1/32 scram-sha-256\n", "host skills sync all reject\n", *others])
        self._sql(self._server, "SELECT pg_reload_conf()")

    def _skills_to_git(self, *arguments):
        """A command out of the function's zip, as the role that owns the application's tables."""
        return subprocess.run(
            [os.path.join(PROJECT, "Layers", "sandbox"), self._zip, "--", "/var/task/bootstrap", *arguments],
            env={"PATH": os.environ["PATH"], "DATABASE_URL": f"postgresql://app_owner@{self._at}/skills"},
            stdout=subprocess.PIPE, check=True, text=True,
        ).stdout

    def _sql(self, url, statements):
        return subprocess.run(
            [*PSQL, url], input=statements, env=ENVIRONMENT, stdout=subprocess.PIPE, check=True, text=True
        ).stdout.rstrip("\n")


def insert(skill, title, content):
    return f"""
        INSERT INTO "Skill" (id, title, content, categories, "ownerId", "updatedAt")
        VALUES ('{skill}', $t${title}$t$, $t${content}$t$, '{{Security}}', 'user-ada', now())
    """
