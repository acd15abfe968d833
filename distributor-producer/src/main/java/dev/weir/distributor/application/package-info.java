/** Edge: composition root, order of start and stop, and main. */
@NullMarked
package dev.weir.distributor.application;

import org.jspecify.annotations.NullMarked;
