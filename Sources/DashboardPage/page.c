#include "DashboardPage.h"

// A part of C23, which Clang has for the C of before, too.
#pragma clang diagnostic ignored "-Wc23-extensions"

static const unsigned char page[] = {
#embed "dashboard.html"
};

const unsigned char *const dashboard_page = page;
const size_t dashboard_page_size = sizeof page;
