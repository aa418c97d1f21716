/** A cluster of the demo: one product generation each. Folders are paths below the root. */
export type Cluster = {
  readonly id: string
  readonly profile: 'soca-2' | 'soca-25' | 'edh-26'
  /** Shared file system of the cluster. */
  readonly apps: string
  /** Where the controller keeps its own files. */
  readonly home: string
  /** Name that the product gives itself in paths and tags. */
  readonly product: 'soca' | 'edh'
  readonly domain: string
  readonly region: string
  readonly controller: string
  /** How the names of all hosts in it begin. */
  readonly hosts: string
  readonly balancer: string
}

const AERO: Cluster = {
  id: 'soca-aero',
  profile: 'soca-2',
  apps: 'apps/soca/soca-aero',
  home: 'apps/soca/soca-aero',
  product: 'soca',
  domain: 'aero.example.com',
  region: 'eu-west-1',
  controller: 'ip-10-12-0-20',
  hosts: 'ip-10-12',
  balancer: 'app/soca-aero-viewer/3f81c0d2a6b94e57',
}
const CHIP: Cluster = {
  id: 'soca-chip',
  profile: 'soca-25',
  apps: 'apps/soca/soca-chip',
  home: 'opt/soca/soca-chip',
  product: 'soca',
  domain: 'chip.example.com',
  region: 'us-east-2',
  controller: 'ip-10-40-0-11',
  hosts: 'ip-10-40',
  balancer: 'app/soca-chip-viewer/90ab7d3e15c2f684',
}
const STUDIO: Cluster = {
  id: 'edh-studio',
  profile: 'edh-26',
  apps: 'apps/edh/edh-studio',
  home: 'opt/edh/edh-studio',
  product: 'edh',
  domain: 'studio.example.com',
  region: 'eu-central-1',
  controller: 'ip-10-64-0-31',
  hosts: 'ip-10-64',
  balancer: 'app/edh-studio-viewer/c47e2b6091fd8a35',
}

export const CLUSTERS = { aero: AERO, chip: CHIP, studio: STUDIO }
