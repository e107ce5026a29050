# shellcheck shell=bash disable=SC2154,SC2164 # `start` sets the variables, and -e
# Sourced by `start`: bare repositories over smart HTTP, as nginx + fcgiwrap + git-http-backend.
# /open/NAME.git asks for nothing, /private/NAME.git for the user and password below.

git_user=x-access-token
git_password=test-token-8c1f

start_git() {
  local folder=$directory/git
  mkdir -p "$folder/repositories" "$folder/nginx"
  chmod 755 "$folder" "$folder/repositories"
  cd "$folder"
  printf '%s:%s\n' "$git_user" "$(openssl passwd -apr1 "$git_password")" >htpasswd
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 30 -subj /CN=127.0.0.1 \
    -addext subjectAltName=IP:127.0.0.1 -keyout key.pem -out certificate.pem 2>openssl.log ||
    fail "openssl made no certificate:" openssl.log
  start_fcgiwrap
  start_nginx
  write_export TEST_GIT_ROOT "$folder/repositories"
  write_export TEST_GIT_ACCESS_LOG "$folder/access.log"
  write_export TEST_GIT_CERTIFICATE "$folder/certificate.pem"
}

# Its environment is git's: no settings of this machine or user, and repositories of any owner.
start_fcgiwrap() {
  launch fcgiwrap fcgiwrap.log env -i PATH="$PATH" HOME="$PWD" LC_ALL=C \
    GIT_CONFIG_NOSYSTEM=1 GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_COUNT=2 \
    GIT_CONFIG_KEY_0=safe.directory GIT_CONFIG_VALUE_0='*' \
    GIT_CONFIG_KEY_1=receive.autogc GIT_CONFIG_VALUE_1=false \
    fcgiwrap -f -c 8 -s unix:./fcgiwrap.sock
  for _ in {1..100}; do
    if [ -S fcgiwrap.sock ]; then return; fi
    sleep 0.02
  done
  fail "fcgiwrap didn't start:" fcgiwrap.log
}

start_nginx() {
  local port secure_port
  : >access.log
  for _ in {1..10}; do
    port=$(free_port)
    secure_port=$(free_port)
    nginx_configuration "$port" "$secure_port" >nginx.conf
    launch nginx nginx.log nginx -p "$PWD/nginx" -c "$PWD/nginx.conf" -e "$PWD/nginx.log"
    # nginx writes its number once it listens, or ends.
    while kill -0 "$launched" 2>/dev/null; do
      if [ -s nginx/nginx.pid ]; then
        write_export TEST_GIT_URL "http://127.0.0.1:$port"
        write_export TEST_GIT_HTTPS_URL "https://127.0.0.1:$secure_port"
        return
      fi
      sleep 0.02
    done
    grep -q "Address already in use" nginx.log || break
    : >nginx.log
  done
  fail "nginx didn't start:" nginx.log
}

# As root its workers stay root: they and git must be able to write what the tests made.
nginx_configuration() {
  if [ "$(id -u)" -eq 0 ]; then echo 'user root;'; fi
  cat <<CONFIGURATION
daemon off;
worker_processes 1;
pid nginx.pid;
events { worker_connections 512; }
http {
  log_format requests '\$request_method\t\$request_uri\t\$status\t\$body_bytes_sent\t\$http_user_agent';
  access_log $PWD/access.log requests;
  client_max_body_size 0;
  client_body_temp_path body;
  fastcgi_temp_path fastcgi;
  proxy_temp_path proxy;
  uwsgi_temp_path uwsgi;
  scgi_temp_path scgi;
  server {
    listen 127.0.0.1:$1;
    listen 127.0.0.1:$2 ssl;
    ssl_certificate $PWD/certificate.pem;
    ssl_certificate_key $PWD/key.pem;
    location ~ ^/open(?<repository>/.+)\$ {
      include $PWD/backend.conf;
    }
    location ~ ^/private(?<repository>/.+)\$ {
      auth_basic "git";
      auth_basic_user_file $PWD/htpasswd;
      include $PWD/backend.conf;
    }
    location / { return 404; }
  }
}
CONFIGURATION
  cat >backend.conf <<CONFIGURATION
fastcgi_pass unix:./fcgiwrap.sock;
fastcgi_read_timeout 300s;
fastcgi_param SCRIPT_FILENAME $(git --exec-path)/git-http-backend;
fastcgi_param GIT_PROJECT_ROOT $PWD/repositories;
fastcgi_param GIT_HTTP_EXPORT_ALL 1;
fastcgi_param GIT_PROTOCOL \$http_git_protocol;
fastcgi_param PATH_INFO \$repository;
fastcgi_param QUERY_STRING \$query_string;
fastcgi_param REQUEST_METHOD \$request_method;
fastcgi_param CONTENT_TYPE \$content_type;
fastcgi_param CONTENT_LENGTH \$content_length;
fastcgi_param REMOTE_USER \$remote_user;
fastcgi_param REMOTE_ADDR \$remote_addr;
CONFIGURATION
}
