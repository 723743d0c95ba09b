export { isStaff, rolesInConflict, STAFF_ROLES } from './duties.js';
export { can, isPermission, PERMISSIONS, type Permission, type Who } from './permissions.js';
