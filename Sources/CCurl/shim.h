#pragma once
#include <curl/curl.h>

// Swift can't call variadic C functions: one wrapper for each type that an option takes.
// https://curl.se/libcurl/c/curl_easy_setopt.html

static inline CURLcode curl_easy_setopt_long(CURL *easy, CURLoption option, long value) {
  return curl_easy_setopt(easy, option, value);
}

/// libcurl copies the text.
static inline CURLcode curl_easy_setopt_text(CURL *easy, CURLoption option, const char *value) {
  return curl_easy_setopt(easy, option, value);
}

/// libcurl keeps the pointer: it must stay valid until the transfer ends.
static inline CURLcode curl_easy_setopt_pointer(CURL *easy, CURLoption option, void *value) {
  return curl_easy_setopt(easy, option, value);
}

/// Without an address libcurl would read the body from standard input: the empty text stands for none.
static inline CURLcode curl_easy_setopt_body(CURL *easy, const void *bytes, curl_off_t count) {
  CURLcode sized = curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, count);
  return sized != CURLE_OK ? sized : curl_easy_setopt(easy, CURLOPT_POSTFIELDS, bytes ? bytes : "");
}

static inline CURLcode curl_easy_setopt_list(CURL *easy, CURLoption option, struct curl_slist *value) {
  return curl_easy_setopt(easy, option, value);
}

/// For CURLOPT_WRITEFUNCTION and CURLOPT_HEADERFUNCTION, which take the same kind of function.
static inline CURLcode curl_easy_setopt_writer(
    CURL *easy, CURLoption option, size_t (*value)(char *, size_t, size_t, void *)) {
  return curl_easy_setopt(easy, option, value);
}

static inline CURLMcode curl_multi_setopt_long(CURLM *multi, CURLMoption option, long value) {
  return curl_multi_setopt(multi, option, value);
}

/// https://curl.se/libcurl/c/curl_easy_getinfo.html
static inline CURLcode curl_easy_getinfo_long(CURL *easy, CURLINFO what, long *value) {
  return curl_easy_getinfo(easy, what, value);
}
