@rem Scripts of package.json begin with `exec`, which lets them end with npm. It is a word of every
@rem shell but that of Windows, which finds this instead.
@%*
