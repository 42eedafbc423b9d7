import Glibc

/// Tells files apart, whatever their names are. An inode number is not used again while somebody has its file open.
struct FileIdentity: Equatable {
  let device: dev_t
  let inode: ino_t
}
