package dev.weir.streams.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Map;

/** Objects of JSON. */
final class Json {
  private static final ObjectMapper MAPPER =
      new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  private Json() {}

  static String write(Map<String, ?> object) {
    try {
      return MAPPER.writeValueAsString(object);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("this cannot be written as JSON", e);
    }
  }

  /**
   * Reads an object.
   *
   * @throws IllegalArgumentException if the text is none
   */
  static Map<?, ?> read(String text) {
    try {
      Object object = MAPPER.readValue(text, Object.class);
      if (object instanceof Map<?, ?> map) {
        return map;
      }
      throw new IllegalArgumentException("json: the body must be an object");
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("json: " + e.getOriginalMessage(), e);
    }
  }
}
