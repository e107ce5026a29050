# shellcheck shell=bash disable=SC2154,SC2164 # `start` sets the variables, and -e
# Sourced by `start`: moto in AWS's place, if `make setup` has fetched it. It takes only calls that are signed
# with the session credentials below, and computes each signature anew with AWS's own code (botocore).

aws_region=eu-central-1

# It takes seconds to start: `finish_aws` waits for it, once the other servers are up.
start_aws() {
  aws_packages=${XDG_CACHE_HOME:-${HOME:-/root}/.cache}/git-backed-skills/moto-apigateway-events-5.2.3
  aws_packages+=-$(python3 -c 'import sys; print(sys.implementation.cache_tag)' 2>/dev/null || true)
  if [ ! -d "$aws_packages" ]; then return; fi
  mkdir -p "$directory/aws"
  cd "$directory/aws"
  aws_port=$(free_port)
  launch moto "$directory/aws/moto.log" env PYTHONPATH="$aws_packages" PYTHONDONTWRITEBYTECODE=1 \
    AWS_DEFAULT_REGION="$aws_region" python3 -m moto.server --host 127.0.0.1 --port "$aws_port"
  aws_process=$launched
}

finish_aws() {
  if [ ! -d "$aws_packages" ]; then return; fi
  local url=http://127.0.0.1:$aws_port answer name
  for _ in {1..3000}; do
    if curl --silent --fail --output /dev/null "$url/moto-api/data.json"; then break; fi
    kill -0 "$aws_process" 2>/dev/null || fail "moto didn't start:" "$directory/aws/moto.log"
    sleep 0.02
  done
  aws_setup iam Action=CreateRole RoleName=tests \
    'AssumeRolePolicyDocument={"Version":"2012-10-17","Statement":[]}' >/dev/null
  aws_setup iam Action=PutRolePolicy RoleName=tests PolicyName=tests \
    'PolicyDocument={"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["secretsmanager:*","sqs:*","sns:*"],"Resource":"*"}]}' \
    >/dev/null
  answer=$(aws_setup sts Action=AssumeRole RoleSessionName=tests RoleArn=arn:aws:iam::123456789012:role/tests)
  curl --silent --fail --output /dev/null --header 'Content-Type: text/plain' --data 0 "$url/moto-api/reset-auth"
  write_export TEST_AWS_URL "$url"
  write_export TEST_AWS_REGION "$aws_region"
  for name in AccessKeyId SecretAccessKey SessionToken; do
    write_export "TEST_AWS_$(sed 's/\([a-z]\)\([A-Z]\)/\1_\2/g' <<<"$name" | tr '[:lower:]' '[:upper:]')" \
      "$(sed -n "s|.*<$name>\(.*\)</$name>.*|\1|p" <<<"$answer")"
  done
}

# aws_setup SERVICE PARAMETER…: a call before credentials are asked for; who signs it doesn't matter.
aws_setup() {
  local service=$1 parameter
  local -a form=()
  shift
  for parameter in Version= "$@"; do form+=(--data-urlencode "$parameter"); done
  curl --silent --show-error --fail --user setup:setup --aws-sigv4 "aws:amz:$aws_region:$service" "${form[@]}" "$url/"
}
