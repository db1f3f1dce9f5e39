package dev.reelbeam.pipelines.job;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.tukaani.xz.XZInputStream;

/** Unpacks the binaries of Postgres from the jar in which Maven Central has them. */
public final class UnpackPostgres {
  private static final int ANYBODY_EXECUTES = 0111;

  private UnpackPostgres() {}

  /**
   * Unpacks and ends.
   *
   * @param args the folder with the jar, the folder to unpack into
   */
  public static void main(String[] args) throws IOException {
    unpack(Path.of(args[0]), Path.of(args[1]).toAbsolutePath().normalize());
  }

  static void unpack(Path jars, Path target) throws IOException {
    List<Path> candidates;
    try (Stream<Path> files = Files.list(jars)) {
      candidates =
          files
              .filter(file -> file.getFileName().toString().contains("postgres-binaries"))
              .toList();
    }
    for (Path jar : candidates) {
      try (ZipFile zip = new ZipFile(jar.toFile())) {
        ZipEntry archive =
            zip.stream()
                .filter(entry -> entry.getName().endsWith(".txz"))
                .findFirst()
                .orElseThrow(() -> new IOException("no archive in " + jar));
        try (InputStream bytes = new BufferedInputStream(zip.getInputStream(archive))) {
          untar(new TarArchiveInputStream(new XZInputStream(bytes)), target);
        }
        return;
      }
    }
    throw new IOException("no binaries of Postgres in " + jars);
  }

  private static void untar(TarArchiveInputStream tar, Path target) throws IOException {
    for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
      Path path = target.resolve(entry.getName()).normalize();
      if (!path.startsWith(target)) {
        throw new IOException("'" + entry.getName() + "' leads out of the archive's folder");
      }
      if (entry.isDirectory()) {
        Files.createDirectories(path);
        continue;
      }
      Path folder = path.getParent();
      if (folder != null) {
        Files.createDirectories(folder);
      }
      if (entry.isSymbolicLink()) {
        Files.deleteIfExists(path);
        Files.createSymbolicLink(path, Path.of(entry.getLinkName()));
        continue;
      }
      Files.copy(tar, path, StandardCopyOption.REPLACE_EXISTING);
      if ((entry.getMode() & ANYBODY_EXECUTES) != 0) {
        Set<PosixFilePermission> permissions = new HashSet<>(Files.getPosixFilePermissions(path));
        permissions.add(PosixFilePermission.OWNER_EXECUTE);
        permissions.add(PosixFilePermission.GROUP_EXECUTE);
        permissions.add(PosixFilePermission.OTHERS_EXECUTE);
        Files.setPosixFilePermissions(path, permissions);
      }
    }
  }
}
