/** The sources of Belfry's own logs: its lines, and what happens around logins. */
export const ownSources = ['belfry', 'belfry-auth'];
