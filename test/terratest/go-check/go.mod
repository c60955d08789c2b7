module gocheck

go 1.21
