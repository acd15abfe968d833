/** Which spans a processor takes notice of. Pure Java; the rules are Tempo's. */
@NullMarked
package dev.weir.streams.filter;

import org.jspecify.annotations.NullMarked;
