export declare const OLDEST: string;
export declare function packagesOfNode(platform: string, arch: string): string[];
export declare function isNewEnough(version: string): boolean;
