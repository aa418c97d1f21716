/** The names of a desktop's traits: what it is made of and where it runs. */
export const TRAIT_TITLES: Readonly<Record<string, string>> = {
  status: 'State',
  profile: 'Product',
  os: 'System',
  cluster: 'Cluster',
  owner: 'Owner',
  host: 'Host',
  address: 'Address',
  host_type: 'Host type',
  instance_type: 'Instance type',
  ami: 'Image',
  subnet: 'Subnet',
  dcv_version: 'DCV',
  domain_controller: 'Domain controller',
  load_balancer: 'Load balancer',
}
