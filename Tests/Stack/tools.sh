# shellcheck shell=bash
# Sourced by `e2e` and `operate`, in the project's root: the zips, made where they are missing, terraform, and moto for
# Python.

for zip in skills-to-git git-to-skills git-layer; do
  [ -e "dist/$zip.zip" ] || { make package && break; }
done
# shellcheck source=SCRIPTDIR/../../.ci/terraform.sh
source .ci/terraform.sh
PYTHONPATH=$(.ci/moto)
export PYTHONPATH PYTHONDONTWRITEBYTECODE=1
