package dev.weir.schemas.otlp;

import java.util.Arrays;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What someone needs to know of the resources that one {@link TracesDataReader} shows, made once
 * for each that comes again. Not thread-safe.
 *
 * @param <T> what it is; mutable, as it is reused where a resource is not remembered
 */
public final class PerResource<T> {

  /** Makes it. */
  public interface Maker<T> {

    /**
     * @param into what it was before for another resource, or as it is when empty. It may keep
     *     slices of the resource's bytes, which stay as they are for as long as it is used
     * @throws MalformedOtlpException if something in the resource that is needed is broken
     */
    void make(ResourceView resource, T into) throws MalformedOtlpException;
  }

  private final Supplier<T> empty;
  private final Maker<T> maker;
  private final T passing;
  private @Nullable Object[] made = new @Nullable Object[16];
  private int generation;

  /**
   * @param empty an instance that nothing was made into
   */
  public PerResource(Supplier<T> empty, Maker<T> maker) {
    this.empty = empty;
    this.maker = maker;
    this.passing = empty.get();
  }

  /**
   * What was made of this resource; valid until the next call.
   *
   * @throws MalformedOtlpException from the maker
   */
  public T of(ResourceView resource) throws MalformedOtlpException {
    int number = resource.number();
    if (number == KnownResources.UNKNOWN) {
      maker.make(resource, passing);
      return passing;
    }
    if (resource.generation() != generation) {
      forget();
      generation = resource.generation();
    }
    if (number >= made.length) {
      made = Arrays.copyOf(made, Math.max(number + 1, made.length * 2));
    }
    @SuppressWarnings("unchecked") // nothing else is put there
    T known = (T) made[number];
    return known == null ? make(resource, number) : known;
  }

  private T make(ResourceView resource, int number) throws MalformedOtlpException {
    T into = empty.get();
    maker.make(resource, into);
    made[number] = into;
    return into;
  }

  /** Forgets all, so that they are made anew. */
  public void forget() {
    Arrays.fill(made, null);
  }
}
