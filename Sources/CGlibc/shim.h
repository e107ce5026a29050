#pragma once
#include <nss.h>
