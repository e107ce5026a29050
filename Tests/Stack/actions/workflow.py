"""A workflow file of GitHub Actions, and what GitHub and its runner do with it (https://docs.github.com/actions/reference).

As much of it as the example's workflows use. Whatever else a file says, a key, a value or an expression, is an error, so
that nothing in it goes untested.
"""
import pathlib
import re
import subprocess
import sys

root = pathlib.Path(__file__).resolve().parents[3]
packages = subprocess.run(
    [root / ".ci/python-packages", "PyYAML==6.0.3"], check=True, stdout=subprocess.PIPE, text=True).stdout.strip()
sys.path.insert(0, packages)
import yaml  # noqa: E402

SHELL = ["bash", "--noprofile", "--norc", "-eo", "pipefail"]  # of `shell: bash`


class WorkflowError(Exception):
    pass


def only(what, mapping, *keys):
    """The values of these keys, None for those that aren't there; any other key is an error."""
    if unknown := set(mapping) - set(keys):
        raise WorkflowError(f"{what}: {', '.join(sorted(unknown))}: not known here")
    return [mapping.get(key) for key in keys]


class Workflow:
    def __init__(self, path):
        # Every value as the text that it is: `on` would be true.
        document = yaml.load(path.read_text(), yaml.BaseLoader)
        _, self.triggers, permissions, self.concurrency, defaults, jobs = only(
            path.name, document, "name", "on", "permissions", "concurrency", "defaults", "jobs")
        if permissions != {} or defaults != {"run": {"shell": "bash"}} or len(jobs) != 1:
            raise WorkflowError(f"{path.name}: permissions of the job alone, bash and one job are what is known here")
        [(self.name, job)] = jobs.items()
        _, self.runs_on, self.minutes, self.permissions, self.env, self.steps = only(
            self.name, job, "name", "runs-on", "timeout-minutes", "permissions", "env", "steps")

    def is_started_by(self, event, branch=None, files=(), kind=None):
        """Whether an event starts it: a push of files to a branch, a pull request that changes files, a dispatch's kind."""
        if event not in self.triggers:
            return False
        conditions = self.triggers[event] or {}
        if event == "schedule":
            return bool(conditions)
        branches, paths, types = only(event, conditions, "branches", "paths", "types")
        folders = [path.removesuffix("**") for path in paths or []]
        if any(not folder.endswith("/") or "*" in folder for folder in folders):
            raise WorkflowError(f"{paths}: more than whole folders")
        return ((not branches or branch in branches)
                and (not paths or any(file.startswith(tuple(folders)) for file in files))
                and (not types or kind in types))


class Runner:
    """The machine that a job runs on, known by a label, and the values that its workflow names.

    `actions` has a function for each action that a step may use: it takes the job and the step's `with`. `environment` is
    that of the machine, before GitHub's runner adds its own.
    """

    def __init__(self, folder, label, values, actions, environment):
        self.folder, self.label, self.values, self.actions = folder, label, values, actions
        self.environment = environment

    def run(self, workflow):
        """Runs the workflow's job."""
        job = Job(self, workflow)
        if job.evaluate(workflow.runs_on) != self.label:
            raise WorkflowError(f"{workflow.name}: this runner is {self.label}")
        for step in workflow.steps:
            if not job.run(step):
                break
        return job


class Job:
    """A run of a workflow's job: `succeeded`, what the steps printed as `log`, and its `summary`."""

    def __init__(self, runner, workflow):
        self.runner, self.permissions, self.log, self.succeeded = runner, workflow.permissions, "", True
        self.seconds = int(workflow.minutes) * 60
        self.folder = runner.folder / f"{workflow.name}-{len(list(runner.folder.iterdir()))}"
        self.workspace, temporary = self.folder / "workspace", self.folder / "temporary"
        for folder in (self.workspace, temporary):
            folder.mkdir(parents=True)
        self.summary_file, self.path_file = self.folder / "summary", self.folder / "path"
        self.environment = {
            **runner.environment,
            "CI": "true", "GITHUB_ACTIONS": "true", "GITHUB_WORKSPACE": str(self.workspace),
            "GITHUB_STEP_SUMMARY": str(self.summary_file), "GITHUB_PATH": str(self.path_file),
            "RUNNER_TEMP": str(temporary),
            **{f"GITHUB_{name.upper()}": runner.values[f"github.{name}"]
               for name in ("api_url", "server_url", "repository", "ref", "sha", "event_name")},
        }
        self.own = self.evaluated(workflow.env)

    @property
    def summary(self):
        return self.summary_file.read_text() if self.summary_file.exists() else ""

    def evaluate(self, text):
        def value(match):
            if match[1] not in self.runner.values:
                raise WorkflowError(f"{match[0]}: not known here")
            return self.runner.values[match[1]]

        evaluated = re.sub(r"\$\{\{ ?([a-zA-Z_.]+) ?\}\}", value, text)
        if "${{" in evaluated:
            raise WorkflowError(f"{text}: more than a name")
        return evaluated

    def evaluated(self, mapping):
        return {name: self.evaluate(text) for name, text in (mapping or {}).items()}

    def run(self, step):
        """Runs a step, and says whether it succeeded."""
        name, action, inputs, command, variables = only("a step", step, "name", "uses", "with", "run", "env")
        if action:
            action, _, commit = action.partition("@")
            if not re.fullmatch("[0-9a-f]{40}", commit) or action not in self.runner.actions:
                raise WorkflowError(f"{action}: not known here, or not named by its commit")
            self.runner.actions[action](self, self.evaluated(inputs))
            return True
        environment = {**self.environment, **self.own, **self.evaluated(variables)}
        if self.path_file.exists():
            for line in self.path_file.read_text().splitlines():
                environment["PATH"] = f"{line}:{environment['PATH']}"
        script = self.folder / "script.sh"
        script.write_text(self.evaluate(command))
        run = subprocess.run(
            [*SHELL, script], cwd=self.workspace, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, text=True, timeout=self.seconds)
        self.log += f"== {name}\n{run.stdout}"
        self.succeeded = run.returncode == 0
        return self.succeeded
