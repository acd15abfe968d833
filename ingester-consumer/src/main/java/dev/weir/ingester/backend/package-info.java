/**
 * The object store contract: put, get a range, list, delete, and typed errors. No implementation
 * lives here.
 */
@NullMarked
package dev.weir.ingester.backend;

import org.jspecify.annotations.NullMarked;
