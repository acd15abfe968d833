/** The composition root: makes all parts of the ingester, starts and stops them in order. */
@NullMarked
package dev.weir.ingester.application;

import org.jspecify.annotations.NullMarked;
