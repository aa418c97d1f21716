/** File systems of other machines by the type that statfs(2) gives: a change made elsewhere raises no notice here. */
const NETWORK: ReadonlyMap<number, string> = new Map([
  [0x6969, 'NFS (EFS is one)'],
  [0x0bd00bd0, 'Lustre (FSx)'],
  [0xff534d42, 'SMB'],
  [0xfe534d42, 'SMB'],
  [0x517b, 'SMB'],
  [0x01021997, '9p'],
  [0x65735546, 'FUSE'],
  [0x00c36400, 'Ceph'],
  [0x5346414f, 'AFS'],
  [0x47504653, 'GPFS'],
])

/** The kind of network file system of this type; '' for one of this machine. */
export function networkName(type: number): string {
  return NETWORK.get(type >>> 0) ?? ''
}
