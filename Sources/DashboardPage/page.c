#include "DashboardPage.h"

// A part of C23, which Clang has for the C of before, too.
#pragma clang diagnostic ignored "-Wc23-extensions"

// The parts one behind another are the page: markup around a style sheet and a script.
static const unsigned char page[] = {
#embed "page/head.html"
    ,
#embed "page/style.css"
    ,
#embed "page/body.html"
    ,
#embed "page/format.js"
    ,
#embed "page/chart.js"
    ,
#embed "page/pictures.js"
    ,
#embed "page/classes.js"
    ,
#embed "page/panels.js"
    ,
#embed "page/numbers.js"
    ,
#embed "page/run.js"
    ,
#embed "page/main.js"
    ,
#embed "page/foot.html"
};

const unsigned char *const dashboard_page = page;
const size_t dashboard_page_size = sizeof page;
