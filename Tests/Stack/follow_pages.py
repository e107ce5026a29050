"""Does what docs/deploy.md and docs/rotation.md say, on a local AWS, from nothing to nothing: makes the
stack, changes its secrets, updates it and goes back, restores the database, and removes it. Run by `make follow-pages`.

Each block of commands that isn't marked `not-run` is run, in this order, and has to print what the page shows.
"""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import zipfile

from bridge.account import Account
from bridge.record import Record
from bridge.service import Bridge
from database import FIXTURES, PROJECT
from operations import NAME, Operations, sections
from repository import Repository
from shell import Failure, Shell
from stack import REGION, Stack
from surroundings import Surroundings


class Unmade(Stack):
    """What is there before anything is deployed."""

    def _start(self):
        self.account = Account(self._start_aws(), REGION)
        self.repository = Repository(
            os.environ["TEST_GIT_ROOT"], os.environ["TEST_GIT_URL"], os.path.join(self.folder, "clone"))
        zips = os.path.join(self.folder, "zips")
        os.mkdir(zips)
        self.record = Record(os.path.join(self.folder, "record.jsonl"))
        self.bridge = Bridge(self.account, self.record, zips, self._retry_after)
        self._ending.callback(self.bridge.stop)


class Reader:
    """Who follows the pages, in two shells: one in a clone of the project, for Terraform, and one by the database."""

    def __init__(self, operations, around, folder):
        self.operations, self.around = operations, around
        self.project = os.path.join(folder, "project")
        for name in "Terraform", "dist":
            shutil.copytree(os.path.join(PROJECT, name), os.path.join(self.project, name),
                            ignore=shutil.ignore_patterns(".terraform*", "*.tfstate*", "terraform.tfvars"))
        self.deploy, self.rotation = sections("deploy.md"), sections("rotation.md")
        self.by_the_clone = Shell({**operations.environment, **terraform_variables()}, self.project)
        self.by_the_database = operations.shell()
        self.blocks = 0

    def close(self):
        self.by_the_clone.close()
        self.by_the_database.close()

    def follow(self, page, anchor, before={}, typed={}):
        """All blocks below a heading. `before` is done before some, by their numbers; `typed` is typed in then."""
        for number, block in enumerate(page.pop(anchor)):
            before.get(number, lambda: None)()
            by_the_clone = re.search(r"\bterraform\b|\bTerraform\b|\bdist\b", block.commands)
            shell = self.by_the_clone if by_the_clone else self.by_the_database
            shell.follow(block, typed.get(number, ""))
            self.blocks += 1
        print(f"✓ {anchor}", flush=True)

    def name_the_network(self):
        """In terraform.tfvars: the network, which is made here, and where the repository is."""
        compute = self.operations.stack.account.client("ec2")
        network = compute.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
        gateway = compute.create_nat_gateway(SubnetId=subnet(compute, network, 0))["NatGateway"]["NatGatewayId"]
        table = compute.describe_route_tables(Filters=[{"Name": "vpc-id", "Values": [network]}])["RouteTables"][0]
        compute.create_route(RouteTableId=table["RouteTableId"], DestinationCidrBlock="0.0.0.0/0", NatGatewayId=gateway)
        subnets = [subnet(compute, network, number) for number in (1, 2)]
        for private in subnets:
            compute.associate_route_table(RouteTableId=table["RouteTableId"], SubnetId=private)
        group = compute.create_security_group(VpcId=network, GroupName="database", Description="Of the database")
        self.set_variables(
            github_repository=self.around.repository.url, vpc_id=network, subnet_ids=subnets,
            database_security_group_id=group["GroupId"], notice_emails=[], settings={"PUSH_INTERVAL": "0"},
        )

    def say_which_version_runs(self):
        with open(os.path.join(self.project, "Terraform", "terraform.tfvars"), "a", encoding="utf-8") as file:
            file.write('skills_to_git = { version = "1" }\ngit_to_skills = { version = "1" }\n')

    def set_variables(self, **values):
        """Each is there already, or as a comment."""
        path = os.path.join(self.project, "Terraform", "terraform.tfvars")
        with open(path, encoding="utf-8") as file:
            text = file.read()
        for name, value in values.items():
            text, found = re.subn(rf"(?m)^(# )?{name} *= .*$", f"{name} = {json.dumps(value)}", text)
            if found != 1:
                raise Failure(f"terraform.tfvars has {name} {found} times")
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)

    def fetch_executables(self):
        """Those of the version that runs, as the runbooks do."""
        self.by_the_database.follow(self.operations.runbooks["where-these-commands-run"][1])

    def has_new_zip(self):
        return "another-build" in self.by_the_database.run("unzip -l skills-to-git.zip")[0]

    def make_new_zips(self):
        """Other bytes, with the same program in them."""
        for function in "skills-to-git", "git-to-skills":
            with zipfile.ZipFile(os.path.join(self.project, "dist", f"{function}.zip"), "a") as file:
                file.writestr("another-build", "")


def subnet(compute, network, number):
    return compute.create_subnet(VpcId=network, CidrBlock=f"10.0.{number}.0/24")["Subnet"]["SubnetId"]


def terraform_variables():
    """Those of .ci/terraform.sh, which says where providers are."""
    printed = subprocess.run(["bash", "-c", f"source {PROJECT}/.ci/terraform.sh; env | grep ^TF_"],
                             check=True, stdout=subprocess.PIPE, text=True).stdout
    return dict(line.split("=", 1) for line in printed.splitlines())


def follow(reader, operations, around, stack):
    deploy, rotation = reader.deploy, reader.rotation

    reader.follow(deploy, "make-the-zips")
    reader.follow(deploy, "make-the-stack", before={3: reader.name_the_network})
    reader.follow(deploy, "put-the-secrets-in", typed={0: around.repository.use_token() + "\n"})
    # What the runbooks begin with; their first look needs the tables.
    for block in operations.runbooks["where-these-commands-run"][:-1]:
        reader.by_the_database.follow(block)
    # The address is another here, and the owner isn't asked for a password.
    reader.follow(deploy, "the-database", typed={0: "none\n"}, before={1: lambda: reader.by_the_database.run(
        f"OWNER_DATABASE_URL={operations.environment['OWNER_DATABASE_URL']}")})
    reader.follow(deploy, "first-contact", before={2: lambda: reader.set_variables(enabled=True)})
    reader.follow(deploy, "the-webhook")
    [api] = stack.account.client("apigateway").get_rest_apis()["items"]
    stack.outputs = {"webhook_url": f"https://{api['id']}.execute-api.{REGION}.amazonaws.com/live/github-webhook"}
    stack.use_webhook_secret(operations.secret("webhook-secret"))
    reader.follow(deploy, "see-that-it-works", before={1: operations.settle})
    around.add_line("skills/skill-02.md")
    expect(around.webhook_answer() == 202, "a push's webhook is answered with 202")
    operations.settle()
    expect(around.row("skill-02") == around.text("skills/skill-02.md"), "and its row says what was pushed")

    # The test's server knows one token at a time: the old one is gone when the new one is there.
    reader.follow(rotation, "the-github-token", typed={0: around.repository.use_token() + "\n"})
    former = operations.secret("webhook-secret")
    reader.follow(rotation, "the-webhooks-secret")
    for secret in former, operations.secret("webhook-secret"):
        stack.use_webhook_secret(secret)
        around.add_line("skills/skill-02.md")
        expect(around.webhook_answer() == 202, "the webhook's former secret and its new one are taken")
    reader.follow(rotation, "the-database-password")
    reader.follow(rotation, "without-a-run-that-fails")
    # Connections that are open would stay.
    around.disconnect("sync")
    around.save("skill-03")
    begun = stack.record.position()
    operations.fire("skills-to-git-sweep")
    outcomes = [entry["outcome"] for entry in stack.record.entries(begun) if entry.get("event") == "invocation"]
    expect(outcomes == ["success"], "the next run finds the other role by itself")
    expect(around.row("skill-03") == around.text("skills/skill-03.md"), "with all secrets changed, a save is in git")

    reader.follow(deploy, "updating", before={0: reader.make_new_zips, 1: reader.fetch_executables})
    expect(reader.has_new_zip(), "after an update the new zip is what is fetched")
    reader.follow(deploy, "rolling-back", before={2: reader.say_which_version_runs, 3: reader.fetch_executables})
    expect(not reader.has_new_zip(), "after a rollback the former one is")

    dump = around.dump()
    around.save("skill-04")
    around.add_line("skills/skill-05.md")
    operations.fire("skills-to-git-sweep")
    operations.settle()
    rows = around.rows()
    reader.follow(deploy, "restoring-the-database", before={1: lambda: around.restore(dump)})
    expect(around.rows() == rows, "what happened after the dump is in the restored database")

    around.sql("DROP OWNED BY sync_2; DROP ROLE sync_2")
    reader.follow(deploy, "removing-it")
    if deploy or rotation:
        raise Failure(f"these headings weren't followed: {', '.join([*deploy, *rotation])}")


def expect(holds, what):
    if not holds:
        raise Failure(f"not so: {what}")
    print(f"✓ {what}", flush=True)


# What was started is ended and removed then, too.
signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
with tempfile.TemporaryDirectory() as folder, Unmade(folder, {}, retry_after=0) as stack:
    server = os.environ["TEST_DATABASE_URL"]
    address = server.split("@")[1].rsplit("/", 1)[0]
    around = Surroundings(stack.repository, server, folder)
    around.sql("CREATE ROLE app_owner LOGIN CREATEROLE")
    around.sql("CREATE DATABASE skills OWNER app_owner")
    around.database_url = f"postgresql://postgres@{address}/skills"
    around.ask_for_passwords("sync,sync_2")
    for name in "upstream-schema.sql", "users.sql":
        with open(os.path.join(FIXTURES, name), encoding="utf-8") as file:
            around.sql("SET ROLE app_owner;\n" + file.read())
    around.add_skills(16)
    operations = Operations(stack, f"postgresql://app_owner@{address}/skills")
    reader = Reader(operations, around, folder)
    try:
        follow(reader, operations, around, stack)
        print(f"{reader.blocks} blocks of commands did what the pages say")
    except (Failure, TimeoutError) as failure:
        sys.exit(f"follow-pages: {failure}")
    finally:
        reader.close()
        operations.stop()
