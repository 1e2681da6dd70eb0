"""What the kernel gives everyone as the means of a wire: sockets with error queues, and ping."""
