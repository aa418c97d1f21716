import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { EventJson } from '../../src/event-json.ts'
import { portalWords, tokensOf } from '../../src/triage/diagnosis/attempts/tokens.ts'

const said = (message: string, cluster = 'soca-lab') => portalWords({ message, cluster } as EventJson)

test("the name of a stack is the cluster's, the desktop's and the user's", () => {
  expect(said('Stack soca-lab-cad2-jdoe was rolled back')).toEqual({ name: 'cad2', user: 'jdoe' })
})

test('a name that is too long for a stack is told whole', () => {
  const name = 'Regression'.repeat(11)
  expect(said(`Error while trying to provision soca-lab-${name}-jdoe due to`)).toEqual({ name, user: 'jdoe' })
  expect(said(`Received parameter: {'session_name': '${name}'}`)).toEqual({ name })
})

test('a launch that fails is called like the stack', () => {
  expect(said('Unable to launch soca-lab-cad2-jdoe: An error occurred')).toEqual({
    name: 'cad2',
    user: 'jdoe',
  })
})

test('a desktop that cannot be launched is called like the stack', () => {
  expect(said('Unable to Launch Desktop soca-lab-cad2-jdoe because of An error occurred')).toEqual({
    name: 'cad2',
    user: 'jdoe',
  })
  expect(said('Unable to Launch Desktop soca-lab-cad2-jdoe because of An error', '')).toEqual({})
})

test('a request names its user before the desktop', () => {
  expect(said('Received new virtual desktop request for jdoe: session_name=cad instance_type=g5')).toEqual({
    name: 'cad',
    user: 'jdoe',
  })
})

test('the session for which an instance was found is called by its name', () => {
  const found = "Found instance for session cad: {'instance_id': 'i-0a0000001', 'session_owner': 'jdoe'}"
  expect(said(found)).toEqual({ name: 'cad', user: 'jdoe' })
  expect(said('Nothing for session 0c5e7f11-0000-4000-8000-000000000009: gone')).toEqual({})
})

test('a reservation of capacity is called like the stack', () => {
  const asked =
    'Requesting ODCR for g5.xlarge, instance_count=1, capacity_reservation_name=soca-lab-cad2-jdoe, subnet'
  expect(said(asked)).toEqual({ name: 'cad2', user: 'jdoe' })
})

test('the address of the load balancer names no desktop, though it begins with the cluster', () => {
  const address = 'https://soca-lab-viewer-1234.eu-west-1.elb.amazonaws.com/ip-10-1-2-3/'
  expect(said(`HTTPSConnectionPool: GET ${address} failed`)).toEqual({})
  expect(said(`${address} is of stack soca-lab-cad2-jdoe`)).toEqual({ name: 'cad2', user: 'jdoe' })
})

test('what only a resource of the cluster is called names no desktop', () => {
  const profile = 'Value (soca-lab-ComputeNodeInstanceProfile-1X2Y3ZABCDEF) for iamInstanceProfile is invalid'
  expect(said(profile)).toEqual({})
  expect(said('The stack has the profile soca-lab-NodeProfile-1X2Y3ZABCDEF')).toEqual({})
  expect(said('Unable to Launch Desktop cad because of soca-lab-nodes-role')).toEqual({ name: 'cad' })
})

test('another cluster whose name ends alike names no desktop', () => {
  expect(said('Stack my_soca-lab-cad2-jdoe was rolled back')).toEqual({})
})

test('a folder with any name may be the cluster', () => {
  expect(said('Stack lab(1-cad2-jdoe was rolled back', 'lab(1')).toEqual({ name: 'cad2', user: 'jdoe' })
})

test('a desktop of which the portal tells the owner in brackets is his', () => {
  expect(said('Unable to Launch Desktop cad (owner: jdoe):  no capacity')).toEqual({
    name: 'cad',
    user: 'jdoe',
  })
  expect(said('Unable to launch desktop cad for jdoe Max number of sessions')).toEqual({
    name: 'cad',
    user: 'jdoe',
  })
})

test('a desktop that is called by the id of its session has no name there, but an owner', () => {
  const uuid = '80755032-c171-400a-9deb-ac2aaed6599c'
  expect(said(`Unable to Restart Desktop ${uuid} (owner: jdoe):  it runs already`)).toEqual({ user: 'jdoe' })
})

test('a desktop that could not be created is the one of the user for whom it was to be', () => {
  const text = 'Unable to create virtual desktop cad for jdoe because of no capacity'
  expect(said(text)).toEqual({ name: 'cad', user: 'jdoe' })
})

test('a desktop that could not be launched is of the user who is named behind it', () => {
  expect(said('Unable to Launch Desktop cad for user jdoe because of Dry run failed')).toEqual({
    name: 'cad',
    user: 'jdoe',
  })
})

test('a request names its user at its end, and the id of its session', () => {
  const uuid = '9218256a-9307-4e58-8b6a-b93a035d3a21'
  expect(said("Received parameter for new Virtual Desktop: {'session_name': 'cad'}, user jdoe")).toEqual({
    name: 'cad',
    user: 'jdoe',
  })
  expect(said(`Creating CloudFormation stack soca-lab-cad-jdoe, session_uuid ${uuid}`)).toEqual({
    name: 'cad',
    user: 'jdoe',
    uuid,
  })
  expect(said('combination of session token, instance id, private ip, user is invalid')).toEqual({})
})

test('a name is what the portal makes of it: letters, digits and underscores', () => {
  expect(said("new DCV session: {'session_name': 'my-cad 2', 'user': 'jdoe'}")).toEqual({
    name: 'mycad2',
    user: 'jdoe',
  })
  expect(said('Updating session_name=cad, owner=jdoe')).toEqual({ name: 'cad', user: 'jdoe' })
})

test('the folder of a host before its mount is named after its instance', () => {
  expect(tokensOf('/root/edh_bootstrap_i-0c4f5a6b7d8e9f012/logs/bootstrap_FATAL.log')).toEqual([
    'i-0c4f5a6b7d8e9f012',
  ])
  expect(tokensOf('kiwi-0c4f5a6b7d')).toEqual([])
})

test('a desktop is recorded with the id of its session', () => {
  const uuid = '80755032-c171-400a-9deb-ac2aaed6599c'
  expect(said(`Session Desk1 with UUID ${uuid} started successfully.`)).toEqual({ name: 'Desk1', uuid })
})

test('the ids that S3 has in the place of user and name are neither', () => {
  const [bootstrap, session] = [
    '97917976-2f28-4b23-9eab-2c01243f95db',
    '80755032-c171-400a-9deb-ac2aaed6599c',
  ]
  const path = `soca-lab/config/do_not_delete/bootstrap/dcv_node/${bootstrap}/${session}/`
  expect(said(`Unable to upload to s3://bucket/${path}`)).toEqual({})
})

test('a list of desktops names the row of each; the tables of older releases count their rows apart', () => {
  expect(said('Found sessions [<VirtualDesktopSessions id=211>, <VirtualDesktopSessions id=212>]')).toEqual({
    rows: ['211', '212'],
  })
  expect(said('Started <VirtualDesktopSessions 31> successfully _session.id=31')).toEqual({ rows: ['31'] })
  expect(said('Checking <LinuxDCVSessions 31>, <WindowsDCVSessions 31>')).toEqual({
    rows: ['LinuxDCVSessions 31', 'WindowsDCVSessions 31'],
  })
})

test('a text that holds a word of a desktop is not passed over, whatever stands around it', () => {
  const words = {
    'ip-10-0-0-7': 'ip-10-0-0-7',
    '192.168.0.1': 'ip-192-168-0-1',
    '0f0e0d0c-1234-5678-9abc-def012345678': '0f0e0d0c-1234-5678-9abc-def012345678',
    'i-0123abcd': 'i-0123abcd',
  }
  const around = fc.string({ unit: fc.constantFrom(...' /:=,()"'), minLength: 1, maxLength: 3 })
  const told = fc.array(fc.tuple(around, fc.constantFrom(...Object.entries(words))), { minLength: 1 })
  fc.assert(
    fc.property(told, around, (parts, end) => {
      const text = parts.map(([before, [word]]) => before + word).join('') + end
      expect(tokensOf(text)).toEqual(expect.arrayContaining(parts.map(([, [, token]]) => token)))
    }),
  )
  expect(tokensOf('edh_bootstrap_i-0123abcd')).toEqual(['i-0123abcd'])
  expect(tokensOf('12 of 40 rows, version 2.1, e-mail to jdoe, ip- and i-')).toEqual([])
})
