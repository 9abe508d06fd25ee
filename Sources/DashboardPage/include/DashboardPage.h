// The page that shows a run: one file without outside requests.
#pragma once

#include <stddef.h>

extern const unsigned char *const dashboard_page;
extern const size_t dashboard_page_size;
