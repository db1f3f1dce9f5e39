package dev.reelbeam.stages.coder;

import java.lang.reflect.Constructor;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A record with something in every component, so that a golden file shows all of its wire form. */
final class RecordSamples {
  private static final int DEEPEST = 12;

  private RecordSamples() {}

  static <T extends Record> T of(Class<T> type) {
    return type.cast(of(type, type.getSimpleName(), 0));
  }

  private static Object of(Type type, String name, int depth) {
    if (depth > DEEPEST) {
      throw new IllegalArgumentException(name + " holds itself");
    }
    if (type instanceof ParameterizedType generic) {
      Type[] of = generic.getActualTypeArguments();
      Class<?> raw = (Class<?>) generic.getRawType();
      if (Map.class.isAssignableFrom(raw)) {
        return Map.of(of(of[0], name, depth + 1), of(of[1], name, depth + 1));
      }
      if (Set.class.isAssignableFrom(raw)) {
        return Set.of(of(of[0], name, depth + 1));
      }
      return List.of(of(of[0], name, depth + 1));
    }
    Class<?> raw = (Class<?>) type;
    if (raw == String.class) {
      // Hashes are checked where they are read.
      return name.contains("sha256") ? "ab".repeat(32) : name + " value";
    }
    if (raw == int.class || raw == Integer.class) {
      return 12;
    }
    if (raw == long.class || raw == Long.class) {
      return 1200L;
    }
    if (raw == boolean.class || raw == Boolean.class) {
      return true;
    }
    if (raw.isEnum()) {
      return raw.getEnumConstants()[0];
    }
    if (raw.isRecord()) {
      return record(raw, depth);
    }
    throw new IllegalArgumentException("no sample of " + raw + " for " + name);
  }

  private static Object record(Class<?> type, int depth) {
    RecordComponent[] components = type.getRecordComponents();
    try {
      Constructor<?> constructor =
          type.getDeclaredConstructor(
              Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new));
      constructor.setAccessible(true);
      return constructor.newInstance(
          Arrays.stream(components)
              .map(component -> of(component.getGenericType(), component.getName(), depth + 1))
              .toArray());
    } catch (ReflectiveOperationException e) {
      throw new IllegalArgumentException("no sample of " + type, e);
    }
  }
}
