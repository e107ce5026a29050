# shellcheck shell=bash
# Sourced: a configuration of Terraform of our own, whatever there is in the home folder. A provider that is in a mirror
# on this machine is taken from there, with no network at all; else it is downloaded once, and kept.

if ! command -v terraform >/dev/null; then
  echo "terraform: not found. Install 1.11 or newer: https://developer.hashicorp.com/terraform/install" >&2
  exit 1
fi

terraform_cache=${XDG_CACHE_HOME:-$HOME/.cache}/git-backed-skills/terraform
mkdir -p "$terraform_cache/plugins"

terraform_mirror() {
  local folder
  for folder in ~/.terraform.d/plugins /usr/local/share/terraform/plugins /usr/share/terraform/plugins /opt/*; do
    if compgen -G "$folder/*/hashicorp/aws" >/dev/null; then
      printf '  filesystem_mirror {\n    path = "%s"\n  }\n  direct {\n    exclude = ["hashicorp/aws"]\n  }\n' "$folder"
      return
    fi
  done
  printf '  direct {}\n'
}

cat >"$terraform_cache/config.$$" <<END
disable_checkpoint = true
plugin_cache_dir   = "$terraform_cache/plugins"
# Lock files aren't kept: a module's user chooses the provider's version.
plugin_cache_may_break_dependency_lock_file = true
provider_installation {
$(terraform_mirror)
}
END
mv "$terraform_cache/config.$$" "$terraform_cache/config"

export TF_CLI_CONFIG_FILE=$terraform_cache/config TF_IN_AUTOMATION=1 TF_INPUT=0
unset TF_CLI_ARGS TF_DATA_DIR TF_WORKSPACE
