package dev.reelbeam.media.render;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Copies of a record that differ in one field, at any depth. A field that no other value can be
 * found for is left alone; a type that nothing is known about is an error, so that new fields are
 * not forgotten.
 */
final class OneFieldChanged {
  private static final List<String> WORDS =
      List.of(
          "libx264",
          "libopenh264",
          "superfast",
          "medium",
          "film",
          "subme=2",
          "",
          "image/jpeg",
          "a".repeat(64));

  private OneFieldChanged() {}

  static List<Object> of(Object record) throws ReflectiveOperationException {
    RecordComponent[] components = record.getClass().getRecordComponents();
    Object[] values = new Object[components.length];
    Class<?>[] types = new Class<?>[components.length];
    for (int i = 0; i < components.length; i++) {
      types[i] = components[i].getType();
      components[i].getAccessor().setAccessible(true);
      values[i] = components[i].getAccessor().invoke(record);
    }
    Constructor<?> constructor = record.getClass().getDeclaredConstructor(types);
    constructor.setAccessible(true);
    List<Object> changed = new ArrayList<>();
    for (int i = 0; i < values.length; i++) {
      for (Object other : others(values[i])) {
        Object[] copy = values.clone();
        copy[i] = other;
        try {
          Object made = constructor.newInstance(copy);
          if (!made.equals(record)) {
            changed.add(made);
          }
        } catch (InvocationTargetException e) {
          if (!(e.getCause() instanceof IllegalArgumentException)) {
            throw e;
          }
          // The record knows that this cannot be; another value will do.
        }
      }
    }
    return changed;
  }

  private static List<Object> others(@Nullable Object value) throws ReflectiveOperationException {
    if (value == null) {
      // What is not there has no other value; the tests of what may be there put it there.
      return List.of();
    }
    if (value instanceof Integer number) {
      return List.of(number + 1, number - 1, number + 2, number - 2, 100, 500);
    }
    if (value instanceof Long number) {
      return List.of(number + 1);
    }
    if (value instanceof Boolean flag) {
      return List.of(!flag);
    }
    if (value instanceof String) {
      return List.copyOf(WORDS);
    }
    if (value instanceof Enum<?> constant) {
      return List.copyOf(Arrays.asList(constant.getDeclaringClass().getEnumConstants()));
    }
    if (value instanceof List<?> list) {
      List<Object> others = new ArrayList<>();
      for (int i = 0; i < list.size(); i++) {
        for (Object other : of(list.get(i))) {
          List<Object> copy = new ArrayList<>(list);
          copy.set(i, other);
          others.add(copy);
        }
        List<Object> without = new ArrayList<>(list);
        without.remove(i);
        others.add(without);
      }
      return others;
    }
    if (value.getClass().isRecord()) {
      return of(value);
    }
    throw new IllegalArgumentException("say what another " + value.getClass() + " looks like");
  }
}
