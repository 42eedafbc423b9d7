/// Records that were offered to the peer, and how many of their bytes it took.
struct UnsentRecords {
  let bytes: [UInt8]
  let sent: Int
}
