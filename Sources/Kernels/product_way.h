// All products for one instruction set; the names that `matrix_product_tiles.h` asks for are used up.
#include "matrix_product_tiles.h"

#include "sparse_product_tiles.h"

#undef HAS_MASKS
#undef LANES
#undef ROWS
#undef TERMS
#undef FETCHES_FACTOR
#undef TILE_ROWS
#undef SPARSE_CASE
#undef WAY
#undef FUSED
