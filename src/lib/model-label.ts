/**
 * How a model is called on screen and in files: servers of local weights (llama.cpp, vLLM) name it by where the weights lie on
 * their machine, and the last part of that says what it is.
 */
export function modelLabel(name: string): string {
  const isPath = /^(?:[/~.]|[A-Za-z]:[/\\])/.test(name);
  return (isPath && name.split(/[/\\]+/).findLast((part) => part !== '')) || name;
}
