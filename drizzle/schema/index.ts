export * from './copy.ts'
export * from './events.ts'
export * from './leads.ts'
export * from './sending.ts'
