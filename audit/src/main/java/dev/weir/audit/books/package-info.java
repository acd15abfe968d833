/**
 * Ledger entries beside the recount of the records that they speak of, and where they differ. Pure.
 */
@NullMarked
package dev.weir.audit.books;

import org.jspecify.annotations.NullMarked;
