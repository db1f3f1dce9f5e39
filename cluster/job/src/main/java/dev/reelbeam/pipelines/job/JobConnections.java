package dev.reelbeam.pipelines.job;

import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;

/** Addresses and secrets of the services, from the file that every worker has. */
record JobConnections(Properties properties) {
  static JobConnections read(Path file) throws IOException {
    Properties properties = new Properties();
    try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
      properties.load(reader);
    }
    return new JobConnections(properties);
  }

  String get(String name) throws IOException {
    String value = properties.getProperty(name);
    if (value == null || value.isBlank()) {
      throw new IOException("the connections have no '" + name + "'");
    }
    return value;
  }
}
