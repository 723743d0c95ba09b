export { hasStaffRole, rolesInConflict } from './duties.js';
export { can, isPermission, PERMISSIONS, type Permission, type Who } from './permissions.js';
