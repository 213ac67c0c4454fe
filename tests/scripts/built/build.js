export default "this build";
